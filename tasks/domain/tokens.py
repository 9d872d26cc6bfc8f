"""Tokens: with one a program proves which agent it is. Each is told once, kept as a hash, and can be revoked."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from tasks.domain import agents, hashing, transactions
from tasks.domain.refusals import Conflict, Denied, Invalid, Missing, Refusal
from tasks.models import Agent, Token
from tasks.queries import planned, token_list

# How often the last use of a token is written down: a token that is used all the time costs one write per this.
NOTED_EVERY = timedelta(minutes=1)
LONGEST_LABEL = 60
LONGEST_LIFE = timedelta(days=3650)

_WRITTEN = re.compile(r"ab_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")
_LETTERS = "abcdefghijkmnopqrstuvwxyz23456789"
# Of many calls at the same instant one writes.
_NOTE = """
UPDATE tasks_token SET last_used_at = %(now)s
WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at <= %(stale)s)
"""
_ANOTHER = "Ask for a new token: /board/connect makes one, and `agentboard tokens create {name}` where the board runs."


class BadToken(Refusal):
    """The token that was shown lets nobody in."""

    code = "who_are_you"


class UnknownToken(Missing):
    """No token has this prefix."""


class Revoked(Conflict):
    """The token has been revoked already."""


class NotYours(Denied):
    """The token is somebody else's to make or to revoke."""


class Issued(NamedTuple):
    """A new token: its row, and the whole of it, which is told this once."""

    token: Token
    secret: str


def issue(
    agent: Agent, *, by: Agent | None, now: datetime, label: str = "", lives: timedelta | None = None
) -> Issued:
    """A new token of the agent, good for `lives` or, if that is None, until it is revoked.

    `by` is the person who makes it, None whoever runs the board. Refused as Invalid: a label that is too long, a life
    that is too short or too long. Refused as NotYours: an AI agent that makes one, and a token of another person.
    """
    _check(label, lives)
    if by is not None and by.kind != Agent.Kind.HUMAN:
        raise NotYours("Tokens are made by people.", fix="Ask a person to make one on /board/connect.")
    if by is not None and agent.kind == Agent.Kind.HUMAN and agent.pk != by.pk:
        raise NotYours(
            f"{agent.name} is a person, and makes its tokens itself.",
            fix="Choose another name, or let that person make the token.",
        )
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    secret = f"ab_{prefix}_{secrets.token_urlsafe(32)}"
    facts = {"prefix": prefix, "secret_hash": hashing.of(secret), "label": label, "created_by": by}
    with transactions.change():
        token = Token.objects.create(
            agent=agent, created_at=now, expires_at=now + lives if lives else None, **facts
        )
    return Issued(token, secret)


def issue_to(
    name: object, *, by: Agent | None, now: datetime, label: str = "", lives: timedelta | None = None
) -> Issued:
    """A new token of the agent of this name, who is registered if there is none. Refused as `issue` is, and a name
    that nobody can have as Invalid."""
    with transactions.change():
        agent, _ = agents.find_or_register(name, now=now)
        return issue(agent, by=by, now=now, label=label, lives=lives)


def revoke(prefix: str, *, by: Agent | None, now: datetime) -> Token:
    """Let the token of this prefix (`ab_x4…_`, with or without what is around it) in no more, from now on.

    `by` is the person whose it is or who made it, None whoever runs the board. Refused as UnknownToken, NotYours or
    Revoked.
    """
    token = Token.objects.select_related("agent").filter(prefix=_prefix(prefix)).first()
    if token is None:
        raise UnknownToken(
            "No token begins like that.", fix="`agentboard tokens list` shows how each begins."
        )
    if by is not None and by.pk not in (token.agent_id, token.created_by_id):
        raise NotYours(
            f"The token {token} was made by somebody else.",
            fix="Whoever made it can revoke it, or an administrator.",
        )
    with transactions.change():
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            raise Revoked(f"The token {token} was revoked before.", fix="Nothing more is to be done.")
    return token


def holder(secret: str, *, now: datetime) -> str:
    """The name of the agent whose token this is; notes its use. Refuses what lets nobody in as BadToken."""
    written = _WRITTEN.fullmatch(secret)
    found = token_list.shown(written[1], now=now, noted_since=now - NOTED_EVERY) if written else None
    if found is None or not hmac.compare_digest(found.secret_hash, hashing.of(secret)):
        raise BadToken("No agent of this board has this token.", fix=_ANOTHER.format(name="NAME"))
    if found.revoked or found.expired:
        what = "was revoked" if found.revoked else "has expired"
        raise BadToken(f"This token of {found.agent} {what}.", fix=_ANOTHER.format(name=found.agent))
    if found.unnoted:
        _note(found.id, now=now)
    return found.agent


def _note(token_id: int, *, now: datetime) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    with transactions.statement(), planned.cursor() as cursor:
        cursor.execute(_NOTE, {"id": token_id, "now": adapt(now), "stale": adapt(now - NOTED_EVERY)})


def _prefix(text: str) -> str:
    return text.strip().removeprefix("ab_")[:8]


def _check(label: str, lives: timedelta | None) -> None:
    errors: dict[str, list[str]] = {}
    if len(label) > LONGEST_LABEL or "\0" in label:
        errors["label"] = [f"A label takes up to {LONGEST_LABEL} characters."]
    if lives is not None and not timedelta() < lives <= LONGEST_LIFE:
        errors["expires"] = [f"A token may live for up to {LONGEST_LIFE.days} days."]
    if errors:
        raise Invalid(errors, fix=f"Correct {', '.join(errors)} and try again; nothing was written.")
