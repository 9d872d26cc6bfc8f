"""The ready queue: what an agent is given next.

Each lane (`tasks.models.lane`) is one run of a partial index in the order work is given out, and an agent may take the
head of every lane that fits it. So the cost is one index probe a lane, whatever the number of tasks.

On PostgreSQL the first heads of each lane are looked at without locks, then exactly one row is locked with SKIP LOCKED:
locking the heads themselves would hide them from the others (715 of 960 false "nothing to do"). Of the heads only those
count that come before the horizon, the last head seen of any lane: behind it a lane may hold something better than what
another lane has to offer (without that, one of four parallel callers was given P3 with P0 left). The predicates of the
partial indexes are literals, because a generic plan with a parameter in their place falls back to a sequential scan.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import OperationalError, connection

from tasks.models import Agent, Task
from tasks.queries import planned, times

# How many heads of a lane are looked at: few callers at once need few; when those are all taken, look further.
_FEW, _MANY = 2, 64
# Seconds between two looks while others take all that was seen: some six in all, where a claim takes milliseconds.
_PAUSES = tuple(min(0.004 * 1.5**n, 0.25) for n in range(34))

# The condition that something in the queue has fallen due: each half reads the first entry of one index, whatever the
# planner believes about the rest. `EXISTS (… <= %(now)s)` left it a choice, and it read every todo task.
SOMETHING_DUE = """
(SELECT min(reserved_until) FROM tasks_task WHERE reserved_until IS NOT NULL) <= %(now)s
OR (SELECT min(not_before) FROM tasks_task WHERE deferred) <= %(now)s
"""

# The condition that the lease of some task has run out, by the same means.
SOMETHING_EXPIRED = "(SELECT min(lease_expires_at) FROM tasks_task WHERE status = 'doing') <= %(now)s"

_LOCK_AGENT = f"""
SELECT a.id, a.name, a.kind, a.skills, a.wip_limit, a.paused_until, a.last_seen_at, {SOMETHING_DUE}
FROM tasks_agent a WHERE a.name = %(name)s
"""
_HELD = "SELECT id FROM tasks_task WHERE status = 'doing' AND assignee_id = %s ORDER BY status_since, id"

_FITTING_LANES = {
    "postgresql": """l.skills <@ %(skills)s::jsonb""",
    "sqlite": """NOT EXISTS (SELECT 1 FROM json_each(l.skills) s
        WHERE s.value NOT IN (SELECT value FROM json_each(%(skills)s)))""",
}
_HEADS_OF_LANES = """
FROM tasks_task h WHERE h.lane_id = l.id AND h.claimable AND h.assignee_id IS NULL
ORDER BY h.priority, h.created_at, h.id
"""
_HEADS_OF_LABELLED_LANES = """
FROM tasks_tasklabel h WHERE h.label = %(label)s AND h.lane_id = l.id AND h.in_pool
ORDER BY h.priority, h.created_at, h.task_id
"""
_RESERVED = """
SELECT r.id, 0 AS turn, r.priority, r.created_at{place} FROM tasks_task r JOIN tasks_lane l ON l.id = r.lane_id
WHERE r.claimable AND r.assignee_id = %(me)s AND {fitting}{narrowed}
ORDER BY r.priority, r.created_at, r.id LIMIT {depth}
"""
_POOL = {
    "postgresql": """
SELECT h.id, 1 AS turn, h.priority, h.created_at, h.place FROM tasks_lane l
CROSS JOIN LATERAL (SELECT {id} AS id, h.priority, h.created_at{place} {heads} LIMIT {depth}) h WHERE {lanes}""",
    # No LATERAL: the head of each lane by a scalar subquery. One is enough where there is one writer.
    "sqlite": """
SELECT t.id, 1 AS turn, t.priority, t.created_at FROM tasks_lane l
JOIN tasks_task t ON t.id = (SELECT {id} {heads} LIMIT 1) WHERE {lanes}""",
}
_PICK = """
WITH heads AS (
    SELECT * FROM ({reserved}) AS own UNION ALL SELECT * FROM ({pool}) AS pool ORDER BY turn, priority, created_at, id
)
SELECT t.id, t.lease_token, t.stale_after FROM heads JOIN tasks_task t ON t.id = heads.id
WHERE t.claimable AND (t.assignee_id IS NULL OR t.assignee_id = %(me)s){near}
ORDER BY heads.turn, heads.priority, heads.created_at, heads.id LIMIT 1{lock}
"""
# Which head of its lane a row is, and the condition that no lane was cut off before it.
_PLACE = ", row_number() OVER (ORDER BY {of}.priority, {of}.created_at, {of}.{id}) AS place"
_NEAR = """
AND COALESCE((heads.turn, heads.priority, heads.created_at, heads.id) <= (
    SELECT turn, priority, created_at, id FROM heads WHERE place = {depth}
    ORDER BY turn, priority, created_at, id LIMIT 1), TRUE)"""
_SKIP = " FOR NO KEY UPDATE OF t SKIP LOCKED"


@dataclass(frozen=True)
class Caller:
    """An agent whose row is locked, and whether something in the queue has fallen due."""

    agent: Agent
    something_due: bool


@dataclass(frozen=True)
class Picked:
    """A ready task whose row is locked."""

    task_id: int
    lease_token: int
    stale_after: int | None


def lock_agent(name: str, *, now: datetime) -> Caller | None:
    """Lock the row of the agent called `name` until the transaction ends; None where there is no such agent."""
    lock = " FOR NO KEY UPDATE OF a" if connection.vendor == "postgresql" else ""
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        cursor.execute(_LOCK_AGENT + lock, {"now": at, "name": name})
        row = cursor.fetchone()
    if row is None:
        return None
    agent = Agent.from_db(
        connection.alias,
        ["id", "name", "kind", "skills", "wip_limit", "paused_until", "last_seen_at"],
        [*row[:3], json.loads(row[3]), row[4], *(times.aware(time) if time else None for time in row[5:7])],
    )
    return Caller(agent, something_due=bool(row[7]))


def lock_agent_row(agent: Agent) -> Agent:
    """The agent as it is now, its row locked until the transaction ends."""
    return Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)


def lock_task(task_id: int) -> Task:
    """The task as it is now, its row locked until the transaction ends.

    Without what it refers to: PostgreSQL would join those rows as they were before it waited for the lock.
    """
    return Task.objects.select_for_update(no_key=True).get(pk=task_id)


def held_by(agent: Agent) -> list[int]:
    """The ids of the tasks whose lease the agent has, oldest lease first."""
    with planned.cursor() as cursor:
        cursor.execute(_HELD, [agent.pk])
        return [row[0] for row in cursor.fetchall()]


def lock_next(agent: Agent, *, project: str | None, label: str | None) -> Picked | None:
    """The first task the agent may be given, its row locked; None if there is none. Needs a transaction.

    Raises OperationalError where others hold the head of the queue for seconds on end.
    """
    look = partial(_pick, agent, project, label)
    if connection.vendor != "postgresql":
        return look(depth=1)
    for pause in _PAUSES:
        picked = look(depth=_FEW, lock=_SKIP) or look(depth=_MANY, lock=_SKIP)
        if picked or not look(depth=1):
            return picked
        # All that was seen is being taken by others at this moment, but there is something. Not by waiting for a row's
        # lock: whoever gets it after all keeps it, waits for the next one, and deadlocks with who has that.
        time.sleep(pause)
    raise OperationalError("the head of the queue did not come free")


def lacking_skills() -> str:
    """The SQL condition that lane `l` requires a skill that is not in parameter `skills`."""
    return f"NOT ({_FITTING_LANES[connection.vendor]})"


def of_project(project: str | None, table: str) -> str:
    """The SQL condition that rows of `table` belong to the project in parameter `project`, if one is asked for."""
    if project is None:
        return "1 = 1"
    return f"{table}.project_id = (SELECT p.id FROM tasks_project p WHERE p.name = %(project)s)"


def parameters(agent: Agent, *, project: str | None, label: str | None) -> dict[str, Any]:
    """The parameters that the SQL of this file names."""
    return {"me": agent.pk, "skills": json.dumps(agent.skills), "project": project, "label": label}


def _pick(
    agent: Agent, project: str | None, label: str | None, *, depth: int, lock: str = ""
) -> Picked | None:
    fitting = _FITTING_LANES[connection.vendor]
    narrowed = "" if project is None else f" AND {of_project(project, 'l')}"
    if label is not None:
        narrowed += (
            " AND EXISTS (SELECT 1 FROM tasks_tasklabel x WHERE x.task_id = r.id AND x.label = %(label)s)"
        )
    many, task = connection.vendor == "postgresql", "id" if label is None else "task_id"
    pool = _POOL[connection.vendor].format(
        id=f"h.{task}",
        place=_PLACE.format(of="h", id=task) if many else "",
        heads=_HEADS_OF_LANES if label is None else _HEADS_OF_LABELLED_LANES,
        depth=depth,
        lanes=f"{of_project(project, 'l')} AND (l.reviewer_id IS NULL OR l.reviewer_id <> %(me)s)"
        f" AND {fitting}",
    )
    reserved = _RESERVED.format(
        narrowed=narrowed, depth=depth, fitting=fitting, place=_PLACE.format(of="r", id="id") if many else ""
    )
    near = _NEAR.format(depth=depth) if many else ""
    sql = _PICK.format(reserved=reserved, pool=pool, near=near, lock=lock)
    with planned.cursor() as cursor:
        cursor.execute(sql, parameters(agent, project=project, label=label))
        row = cursor.fetchone()
    return Picked(*row) if row else None
