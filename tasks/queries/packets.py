"""Packets: all an agent needs to start or resume a task, in a fixed number of queries for any number of tasks."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.queries import feedback, logs, planned, times

# The newest entries of the log that a packet carries; the rest is counted and can be read at /tasks/{id}/comments.
LOG_ENTRIES = 12

_FUNCTIONS = {
    "sqlite": {
        "array": "json_group_array",
        "object": "json_object",
        "tail": "substr(c.text, -%(tail)s)",
        "wanted": "t.id IN (SELECT value FROM json_each(%(ids)s))",
    },
    "postgresql": {
        "array": "json_agg",
        "object": "json_build_object",
        "tail": "right(c.text, %(tail)s)",
        "wanted": "t.id = ANY(%(ids)s)",
    },
}
_SQL = """
SELECT t.id, t.title, t.description, t.status, t.priority, a.name, r.name, t.attempts, t.rejections,
    t.lease_token, t.lease_expires_at,
    (SELECT {array}(x.j) FROM (SELECT {object}('id', c.number, 'text', c.text) AS j FROM tasks_criterion c
        WHERE c.task_id = t.id AND c.version = t.criteria_version ORDER BY c.number) x),
    (SELECT {array}(x.j) FROM (SELECT {object}('id', d.depends_on_id) AS j FROM tasks_dependency d
        WHERE d.task_id = t.id ORDER BY d.depends_on_id) x),
    (SELECT {array}(x.j) FROM (SELECT {object}('label', l.label) AS j FROM tasks_tasklabel l
        WHERE l.task_id = t.id ORDER BY l.id) x),
    (SELECT {array}(x.j) FROM (SELECT {object}('by', ca.name, 'kind', c.kind, 'at', c.created_at,
            'head', substr(c.text, 1, %(head)s), 'tail', {tail}, 'length', length(c.text)) AS j
        FROM tasks_comment c LEFT JOIN tasks_agent ca ON ca.id = c.author_id
        WHERE c.task_id = t.id ORDER BY c.id DESC LIMIT %(entries)s) x),
    (SELECT count(*) FROM (SELECT 1 FROM tasks_comment c WHERE c.task_id = t.id LIMIT 1000) n),
    (SELECT count(*) FROM (SELECT 1 FROM tasks_task v
        WHERE v.status = 'validating' AND v.reviewer_id = t.assignee_id LIMIT 1000) n){also}
FROM tasks_task t
LEFT JOIN tasks_agent a ON a.id = t.assignee_id
LEFT JOIN tasks_agent r ON r.id = t.reviewer_id
WHERE {wanted}
"""
_also: dict[str, str] = {}


def also(name: str, sql: str) -> None:
    """Have every packet say in `also` what another app counts for its holder, without a round trip of its own.

    `sql` is an expression within a query over `tasks_task t`, the same on both databases and without parameters.
    """
    _also[name] = sql
    _sql.cache_clear()


def build(task_ids: Sequence[int], *, now: datetime) -> list[dict[str, Any]]:
    """The packets of these tasks, in this order, without `resumed` and `next_step`, which depend on the call."""
    if not task_ids:
        return []
    ids = json.dumps(list(task_ids)) if connection.vendor == "sqlite" else list(task_ids)
    with planned.cursor() as cursor:
        cursor.execute(
            _sql(connection.vendor),
            {"ids": ids, "head": logs.HEAD, "tail": logs.TAIL, "entries": LOG_ENTRIES},
        )
        packets = {row[0]: _packet(row, now=now) for row in cursor.fetchall()}
    bounced = [task_id for task_id, packet in packets.items() if packet["task"]["rejections"]]
    for task_id, unanswered in feedback.unanswered(bounced).items():
        packets[task_id]["feedback"] = unanswered
    return [packets[task_id] for task_id in task_ids if task_id in packets]


@functools.cache
def _sql(vendor: str) -> str:
    return _SQL.format(**_FUNCTIONS[vendor], also="".join(f",\n    {sql}" for sql in _also.values()))


def _packet(row: Sequence[Any], *, now: datetime) -> dict[str, Any]:
    criteria, depends_on, labels, entries = (_rows(value) for value in row[11:15])
    packet = {
        "task": {
            "id": f"T-{row[0]}",
            "title": row[1],
            "description": row[2],
            "status": row[3],
            "priority": f"P{row[4]}",
            "assignee": row[5],
            "reviewer": row[6],
            "done_criteria": criteria,
            "depends_on": [f"T-{other['id']}" for other in depends_on],
            "labels": [label["label"] for label in labels],
            "attempts": row[7],
            "rejections": row[8],
        },
        "lease": {"token": row[9], "expires_in": seconds_until(row[10], now=now)},
        "handoff": None,
        "feedback": None,
        "log": [_entry(entry, now=now) for entry in reversed(entries)],
        "also": {"reviews_waiting": row[16], **dict(zip(_also, row[len(row) - len(_also) :], strict=True))},
    }
    if row[15] > len(entries):
        packet["log_earlier"] = row[15] - len(entries)
    return packet


def _entry(entry: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    return {
        "by": entry["by"] or "system",
        "kind": entry["kind"],
        "text": logs.cut(entry["head"], entry["tail"], entry["length"]),
        "ago": max(0, int((now - times.aware(entry["at"])).total_seconds())),
    }


def seconds_until(time: Any, *, now: datetime) -> int:
    """Whole seconds from `now` to a time of the database, never below 0."""
    return max(0, int((times.aware(time) - now).total_seconds())) if time else 0


def _rows(value: Any) -> list[dict[str, Any]]:
    if not value:
        return []
    rows = json.loads(value) if isinstance(value, str) else value
    return [json.loads(row) if isinstance(row, str) else row for row in rows]
