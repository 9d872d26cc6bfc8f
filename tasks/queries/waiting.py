"""Waiting callers: which of those who wait for work may find some now.

A ticket carries what decides that, so that looking costs a few queries however many callers wait. It is only a hint: a
caller that is woken asks again and is given a task, or a new ticket, by the same rules as everyone.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from tasks.models import Agent, Task

# Heads counted in a lane: no more callers than this are woken for one lane at once.
_HEADS = 64

_LANES = """
SELECT p.name, l.reviewer_id, l.skills, (SELECT count(*) FROM (SELECT 1 {heads} LIMIT {most}) n)
FROM tasks_lane l JOIN tasks_project p ON p.id = l.project_id WHERE EXISTS (SELECT 1 {heads})
"""
_HEADS_OF_LANE = "FROM tasks_task h WHERE h.lane_id = l.id AND h.claimable AND h.assignee_id IS NULL"
_HEADS_OF_LABEL = "FROM tasks_tasklabel h WHERE h.label = %(label)s AND h.lane_id = l.id AND h.in_pool"
_DUE = """
SELECT EXISTS (SELECT 1 FROM tasks_task WHERE status = 'todo' AND reserved_until <= %(now)s)
OR EXISTS (SELECT 1 FROM tasks_task WHERE deferred AND not_before <= %(now)s)
"""


@dataclass
class _Lane:
    project: str
    reviewer_id: int | None
    skills: frozenset[str]
    heads: int


@dataclass(frozen=True)
class _Ticket:
    agent: int
    skills: list[str]
    project: str | None
    label: str | None
    until: float | None  # a paused agent's, in seconds since the epoch


def ticket(agent: Agent, *, until: datetime | None, project: str | None, label: str | None) -> str:
    """What a caller that found nothing waits with: URL-safe text for `find_wakeable`."""
    paused = until.timestamp() if until else None
    written = json.dumps(asdict(_Ticket(agent.pk, sorted(agent.skills), project, label, paused)))
    return base64.urlsafe_b64encode(written.encode()).decode()


def find_wakeable(tickets: Sequence[str]) -> list[int]:
    """The positions of the tickets worth asking again for now, in their order: one for each ready task at most."""
    waiting = [_Ticket(**json.loads(base64.urlsafe_b64decode(text))) for text in tickets]
    now = timezone.now()
    if _something_is_due(now):
        # A reservation lapsed or a date passed: whoever asks next puts the queue right, so let the first one ask.
        return [0] if waiting else []
    awake = [at for at, one in enumerate(waiting) if one.until is None or one.until <= now.timestamp()]
    own = _with_reservations({waiting[at].agent for at in awake})
    pools = {label: _lanes(label) for label in {waiting[at].label for at in awake}}
    return [
        at for at in awake if waiting[at].agent in own or _takes_from(pools[waiting[at].label], waiting[at])
    ]


def _takes_from(lanes: list[_Lane], one: _Ticket) -> bool:
    skills = frozenset(one.skills)
    for lane in lanes:
        fits = one.project in (None, lane.project) and lane.reviewer_id != one.agent and lane.skills <= skills
        if fits and lane.heads > 0:
            lane.heads -= 1
            return True
    return False


def _lanes(label: str | None) -> list[_Lane]:
    heads = _HEADS_OF_LANE if label is None else _HEADS_OF_LABEL
    with connection.cursor() as cursor:
        cursor.execute(_LANES.format(heads=heads, most=_HEADS), {"label": label})
        rows: list[Any] = cursor.fetchall()
    return [_Lane(row[0], row[1], frozenset(json.loads(row[2])), row[3]) for row in rows]


def _with_reservations(agent_ids: set[int]) -> set[int]:
    rows = Task.objects.filter(claimable=True, assignee__isnull=False, assignee__in=agent_ids)
    return set(rows.order_by().values_list("assignee", flat=True).distinct())


def _something_is_due(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": connection.ops.adapt_datetimefield_value(now)})
        return bool(cursor.fetchone()[0])
