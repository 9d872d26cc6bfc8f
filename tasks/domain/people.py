"""People: the human agent that a signed-in user acts as."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError

from tasks.domain import agents, transactions
from tasks.domain.refusals import Missing
from tasks.models import Agent

_LONGEST = 40
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9._-]+")
# What the superuser of the machine is called where the one who runs the board has no name of its own.
OPERATOR = "operator"


class UnknownUser(Missing):
    """No account has this username."""


def acting_as(user_id: int, *, username: str, now: datetime) -> Agent:
    """The agent of kind human tied to the user, made on the first action; acting is a sign of life.

    Its name follows the username. A name that is taken is never shared, whoever has it: the user becomes `olga-2`, so
    that nobody speaks in the name of an agent that was there before.
    """
    agent = Agent.objects.filter(user_id=user_id).first() or _register(user_id, username, now=now)
    agents.saw(agent, now=now)
    return agent


def operator(login: str) -> str:
    """The username of the superuser that stands for whoever runs the board: `login`, made on first use.

    It has no password until one is set. An account that is there is left as it is, whatever it may do.
    """
    plain = "" if login == "root" else _plain(login)
    username = plain or OPERATOR
    if not _users().filter(username=username).exists():
        try:
            with transactions.change():
                _users().create_superuser(username)
        except IntegrityError:
            pass  # Another process made it since.
    return username


def user_called(username: str) -> Any:
    """The account (a Django user) of this name. Refuses a name nobody has as UnknownUser."""
    user = _users().filter(username=username).first()
    if user is None:
        raise UnknownUser(
            f"No account is called {username[:150]}.",
            fix="Give the name of one there is; more are made in the admin, under Users.",
        )
    return user


def _users() -> Any:
    return apps.get_model(settings.AUTH_USER_MODEL)._default_manager


def _register(user_id: int, username: str, *, now: datetime) -> Agent:
    free = (name for name in _names(username) if not Agent.objects.filter(name=name).exists())
    while True:
        try:
            return agents.register(next(free), now=now, kind=Agent.Kind.HUMAN, user_id=user_id)
        except agents.AlreadyRegistered:
            continue  # Somebody took the name since it was looked up.
        except IntegrityError:
            # Another request of the same person was first.
            return Agent.objects.get(user_id=user_id)


def _names(username: str) -> Iterator[str]:
    """The username as an agent may be called, then the same with -2, -3, …"""
    base = _plain(username) or "human"
    if base not in agents.RESERVED_NAMES:
        yield base
    for number in count(2):
        suffix = f"-{number}"
        yield base[: _LONGEST - len(suffix)] + suffix


def _plain(username: str) -> str:
    """What of a username an agent may be called; may be nothing."""
    plain = unicodedata.normalize("NFKD", username).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_A_NAME.sub("-", plain).strip("._-")[:_LONGEST]
