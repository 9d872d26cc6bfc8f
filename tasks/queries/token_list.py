"""Tokens: finding the one that a call shows, and listing them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from tasks.models import Agent, Token
from tasks.queries import planned

# Written out, because every call with a token asks it: the ORM takes ten times as long.
_SHOWN = """
SELECT t.id, t.secret_hash, a.name, t.revoked_at IS NOT NULL, COALESCE(t.expires_at <= %(now)s, false),
       COALESCE(t.last_used_at <= %(stale)s, true)
FROM tasks_token t JOIN tasks_agent a ON a.id = t.agent_id
WHERE t.prefix = %(prefix)s
"""


class Shown(NamedTuple):
    """The token of a prefix, as it is at a time; `unnoted` says that its last use was noted before another time."""

    id: int
    secret_hash: str
    agent: str
    revoked: bool
    expired: bool
    unnoted: bool


def shown(prefix: str, *, now: datetime, noted_since: datetime) -> Shown | None:
    """The token of this prefix, as it is now. One query."""
    adapt = connection.ops.adapt_datetimefield_value
    with planned.cursor() as cursor:
        cursor.execute(_SHOWN, {"prefix": prefix, "now": adapt(now), "stale": adapt(noted_since)})
        row = cursor.fetchone()
    return Shown(*row) if row else None


def newest(*, agent: Agent | None = None, of_person: Agent | None = None) -> QuerySet[Token]:
    """Tokens, newest first, with their agents; those of an agent, or those that a person has or made."""
    found = Token.objects.select_related("agent", "created_by").order_by("-pk")
    if agent is not None:
        found = found.filter(agent=agent)
    if of_person is not None:
        found = found.filter(Q(agent=of_person) | Q(created_by=of_person))
    return found
