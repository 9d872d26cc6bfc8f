"""Waiting callers: which of those who wait for work may find some now.

A ticket carries what decides that, so that looking costs a few queries however many callers wait. It is only a hint: a
caller that is woken asks again and is given a task, or a new ticket, by the same rules as everyone.
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.models import Agent
from tasks.queries import queue

# Tasks looked at in a lane: no more callers than this are woken for one lane at once.
_HEADS = 64

_LANES = """
SELECT l.id, p.name, l.reviewer_id, l.skills FROM tasks_lane l JOIN tasks_project p ON p.id = l.project_id
"""
_IN_LANES = """
SELECT l.id, (SELECT {array}(n.id) FROM (SELECT {id} AS id {heads} ORDER BY h.priority, h.created_at LIMIT {most}) n)
FROM tasks_lane l WHERE l.id IN ({lanes})
"""
_HEADS_OF_LANE = "FROM tasks_task h WHERE h.lane_id = l.id AND h.claimable AND h.assignee_id IS NULL"
_HEADS_OF_LABEL = "FROM tasks_tasklabel h WHERE h.label = %(label)s AND h.lane_id = l.id AND h.in_pool"
_RESERVED = """
SELECT t.assignee_id, p.name, l.skills, t.id FROM tasks_task t
JOIN tasks_lane l ON l.id = t.lane_id JOIN tasks_project p ON p.id = t.project_id
WHERE t.claimable AND t.assignee_id IN ({agents}){labelled}
ORDER BY t.assignee_id, t.priority, t.created_at, t.id
"""
_LABELLED = " AND EXISTS (SELECT 1 FROM tasks_tasklabel x WHERE x.task_id = t.id AND x.label = %(label)s)"
_ARRAY = {"sqlite": "json_group_array", "postgresql": "json_agg"}


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
    skills: frozenset[str]
    project: str | None
    label: str | None
    until: float | None  # a paused agent's, in seconds since the epoch


def ticket(agent: Agent, *, until: datetime | None, project: str | None, label: str | None) -> str:
    """What a caller that found nothing waits with: URL-safe text for `find_wakeable`."""
    paused = until.timestamp() if until else None
    written = json.dumps([agent.pk, sorted(agent.skills), project, label, paused])
    return base64.urlsafe_b64encode(written.encode()).decode()


def find_wakeable(tickets: Sequence[str], *, now: datetime) -> list[int]:
    """The positions of the tickets worth asking again for now, in their order: one for each ready task at most."""
    waiting = [_read(text) for text in tickets]
    awake = [at for at, one in enumerate(waiting) if one.until is None or one.until <= now.timestamp()]
    if awake and _something_is_due(now):
        # A reservation lapsed, a date passed or a lease ran out: whoever asks next puts the queue right, so let the
        # first one ask.
        return awake[:1]
    lanes = _rows(_LANES) if awake else []
    ready = {
        label: _ready(label, [waiting[at] for at in awake if waiting[at].label == label], lanes)
        for label in {waiting[at].label for at in awake}
    }
    taken: set[int] = set()
    return [at for at in awake if _takes(waiting[at], ready[waiting[at].label], taken)]


@functools.lru_cache(maxsize=10_000)
def _read(text: str) -> _Ticket:
    # Kept, because a caller's ticket is shown ten times a second for as long as it waits.
    agent, skills, project, label, until = json.loads(base64.urlsafe_b64decode(text))
    return _Ticket(agent, frozenset(skills), project, label, until)


def _takes(one: _Ticket, ready: _Ready, taken: set[int]) -> bool:
    for run in [*ready.reserved.get(one.agent, ()), *ready.lanes]:
        fits = (
            one.project in (None, run.project) and run.reviewer_id != one.agent and run.skills <= one.skills
        )
        while fits and run.task_ids:
            task_id = run.task_ids.pop()
            if task_id not in taken:
                taken.add(task_id)
                return True
    return False


def _ready(label: str | None, callers: Sequence[_Ticket], lanes: Sequence[Any]) -> _Ready:
    agents = ", ".join(str(int(agent)) for agent in {one.agent for one in callers})
    reserved: dict[int, list[_Run]] = {}
    for agent, project, skills, task_id in _rows(
        _RESERVED.format(agents=agents, labelled="" if label is None else _LABELLED), label=label
    ):
        reserved.setdefault(agent, []).append(_Run(project, None, _decoded(skills), [task_id]))
    return _Ready(_in_lanes(label, callers, lanes), reserved)


def _in_lanes(label: str | None, callers: Sequence[_Ticket], lanes: Sequence[Any]) -> list[_Run]:
    """What is ready in those of the `lanes` that one of the callers may take from.

    The others are not looked into: a caller waits because its own lanes are empty, however full the rest is.
    """
    asked = {(one.project, one.skills) for one in callers}
    runs: dict[int, _Run] = {}
    for lane, project, reviewer_id, written in lanes:
        required = _decoded(written)
        if any(wanted in (None, project) and required <= skills for wanted, skills in asked):
            runs[lane] = _Run(project, reviewer_id, required, [])
    if not runs:
        return []
    sql = _IN_LANES.format(
        array=_ARRAY[connection.vendor],
        id="h.id" if label is None else "h.task_id",
        heads=_HEADS_OF_LANE if label is None else _HEADS_OF_LABEL,
        most=_HEADS,
        lanes=", ".join(map(str, runs)),
    )
    for lane, task_ids in _rows(sql, label=label):
        found = json.loads(task_ids) if isinstance(task_ids, str) else task_ids
        runs[lane].task_ids = found[::-1] if found else []
    return [run for run in runs.values() if run.task_ids]


def _decoded(skills: str) -> frozenset[str]:
    return frozenset(json.loads(skills))


def _something_is_due(now: datetime) -> bool:
    at = connection.ops.adapt_datetimefield_value(now)
    rows = _rows(f"SELECT {queue.SOMETHING_DUE} OR {queue.SOMETHING_EXPIRED}", now=at)
    return bool(rows[0][0])


def _rows(sql: str, **parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
