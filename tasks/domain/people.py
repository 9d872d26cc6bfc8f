"""People: the human agent that a signed-in user acts as."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from itertools import count

from django.db import IntegrityError

from tasks.domain import agents
from tasks.models import Agent

_LONGEST = 40
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9._-]+")


def acting_as(user_id: int, *, username: str, now: datetime) -> Agent:
    """The agent of kind human tied to the user, made on the first action; acting is a sign of life.

    Its name follows the username. A name that is taken is never shared, whoever has it: the user becomes `olga-2`, so
    that nobody speaks in the name of an agent that was there before.
    """
    agent = Agent.objects.filter(user_id=user_id).first() or _register(user_id, username, now=now)
    agents.saw(agent, now=now)
    return agent


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
    plain = unicodedata.normalize("NFKD", username).encode("ascii", "ignore").decode().lower()
    base = _NOT_IN_A_NAME.sub("-", plain).strip("._-")[:_LONGEST] or "human"
    if base not in agents.RESERVED_NAMES:
        yield base
    for number in count(2):
        suffix = f"-{number}"
        yield base[: _LONGEST - len(suffix)] + suffix
