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

from tasks.models import Agent

# Tasks looked at in a lane: no more callers than this are woken for one lane at once.
_HEADS = 64

_LANES = """
SELECT p.name, l.reviewer_id, l.skills,
    (SELECT {array}(n.id) FROM (SELECT {id} AS id {heads} ORDER BY h.priority, h.created_at LIMIT {most}) n)
FROM tasks_lane l JOIN tasks_project p ON p.id = l.project_id WHERE EXISTS (SELECT 1 {heads})
"""
_HEADS_OF_LANE = "FROM tasks_task h WHERE h.lane_id = l.id AND h.claimable AND h.assignee_id IS NULL"
_HEADS_OF_LABEL = "FROM tasks_tasklabel h WHERE h.label = %(label)s AND h.lane_id = l.id AND h.in_pool"
_RESERVED = """
SELECT t.assignee_id, p.name, l.skills, t.id FROM tasks_task t
JOIN tasks_lane l ON l.id = t.lane_id JOIN tasks_project p ON p.id = t.project_id
WHERE t.claimable AND t.assignee_id IN ({agents}){labelled} ORDER BY t.priority, t.created_at, t.id
"""
_LABELLED = " AND EXISTS (SELECT 1 FROM tasks_tasklabel x WHERE x.task_id = t.id AND x.label = %(label)s)"
_ARRAY = {"sqlite": "json_group_array", "postgresql": "json_agg"}
_DUE = """
SELECT EXISTS (SELECT 1 FROM tasks_task WHERE status = 'todo' AND reserved_until <= %(now)s)
OR EXISTS (SELECT 1 FROM tasks_task WHERE deferred AND not_before <= %(now)s)
"""


@dataclass
class _Run:
    """Ready tasks that the same callers may be given."""

    project: str
    reviewer_id: int | None
    skills: frozenset[str]
    task_ids: list[int]


@dataclass
class _Ready:
    """What is ready under one label (or under any): in the lanes, and reserved for agents that wait."""

    lanes: list[_Run]
    reserved: dict[int, list[_Run]]


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


def find_wakeable(tickets: Sequence[str], *, now: datetime) -> list[int]:
    """The positions of the tickets worth asking again for now, in their order: one for each ready task at most."""
    waiting = [_Ticket(**json.loads(base64.urlsafe_b64decode(text))) for text in tickets]
    awake = [at for at, one in enumerate(waiting) if one.until is None or one.until <= now.timestamp()]
    if awake and _something_is_due(now):
        # A reservation lapsed or a date passed: whoever asks next puts the queue right, so let the first one ask.
        return awake[:1]
    agents = {waiting[at].agent for at in awake}
    ready = {label: _ready(label, agents) for label in {waiting[at].label for at in awake}}
    taken: set[int] = set()
    return [at for at in awake if _takes(waiting[at], ready[waiting[at].label], taken)]


def _takes(one: _Ticket, ready: _Ready, taken: set[int]) -> bool:
    skills = frozenset(one.skills)
    for run in [*ready.reserved.get(one.agent, ()), *ready.lanes]:
        fits = one.project in (None, run.project) and run.reviewer_id != one.agent and run.skills <= skills
        while fits and run.task_ids:
            task_id = run.task_ids.pop()
            if task_id not in taken:
                taken.add(task_id)
                return True
    return False


def _ready(label: str | None, agents: set[int]) -> _Ready:
    heads = _HEADS_OF_LANE if label is None else _HEADS_OF_LABEL
    lanes = _LANES.format(
        array=_ARRAY[connection.vendor],
        id="h.id" if label is None else "h.task_id",
        heads=heads,
        most=_HEADS,
    )
    ids = ", ".join(str(int(agent)) for agent in agents)
    reserved: dict[int, list[_Run]] = {}
    for agent, project, skills, task_id in _rows(
        _RESERVED.format(agents=ids, labelled="" if label is None else _LABELLED), label=label
    ):
        reserved.setdefault(agent, []).append(_Run(project, None, _decoded(skills), [task_id]))
    return _Ready([_run(*row) for row in _rows(lanes, label=label)], reserved)


def _run(project: str, reviewer_id: int | None, skills: str, task_ids: Any) -> _Run:
    ids = json.loads(task_ids) if isinstance(task_ids, str) else task_ids
    return _Run(project, reviewer_id, _decoded(skills), ids[::-1])


def _decoded(skills: str) -> frozenset[str]:
    return frozenset(json.loads(skills))


def _something_is_due(now: datetime) -> bool:
    rows = _rows(_DUE, now=connection.ops.adapt_datetimefield_value(now))
    return bool(rows[0][0])


def _rows(sql: str, **parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
