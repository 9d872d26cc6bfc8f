"""Packets: all an agent needs to start or resume a task, in a fixed number of queries for any number of tasks."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from django.db import connection

from tasks.queries import feedback, highlights, logs, planned, times
from tasks.queries.excerpts import Excerpt

# What of the log a packet carries: 1,000 tokens of 4 characters, from the newest entries of each kind. The rest is
# counted and can be read at /tasks/{id}/comments.
LOG_CHARACTERS = 4000
NEWEST = 12

_COUNTED_TO = 1000
# What an entry takes beside its text and its author's name: keys, quotes, kind and age.
_FRAME = 65
_FUNCTIONS = {
    "sqlite": {
        "array": "json_group_array",
        "object": "json_object",
        "wanted": "t.id IN (SELECT value FROM json_each(%(ids)s))",
    },
    "postgresql": {
        "array": "json_agg",
        "object": "json_build_object",
        "wanted": "t.id = ANY(%(ids)s)",
    },
}
_TASKS = """
SELECT t.id, t.title, t.description, t.status, t.priority, a.name, r.name, t.attempts, t.rejections,
    t.lease_token, t.lease_expires_at,
    (SELECT {array}(x.j) FROM (SELECT {object}('id', c.number, 'text', c.text) AS j FROM tasks_criterion c
        WHERE c.task_id = t.id AND c.version = t.criteria_version ORDER BY c.number) x),
    (SELECT {array}(x.j) FROM (SELECT {object}('id', d.depends_on_id) AS j FROM tasks_dependency d
        WHERE d.task_id = t.id ORDER BY d.depends_on_id) x),
    (SELECT {array}(x.j) FROM (SELECT {object}('label', l.label) AS j FROM tasks_tasklabel l
        WHERE l.task_id = t.id ORDER BY l.id) x),
    (SELECT count(*) FROM (SELECT 1 FROM tasks_comment c WHERE c.task_id = t.id LIMIT %(counted)s) n),
    (SELECT count(*) FROM (SELECT 1 FROM tasks_task v
        WHERE v.status = 'validating' AND v.reviewer_id = t.assignee_id LIMIT 1000) n){also}
FROM tasks_task t
LEFT JOIN tasks_agent a ON a.id = t.assignee_id
LEFT JOIN tasks_agent r ON r.id = t.reviewer_id
WHERE {wanted}
"""
# The log of most tasks that are claimed is empty, and to get ready for all of this, of which nothing is there then,
# takes PostgreSQL longer than to read the task. Whoever hands a task over writes that into its log, too.
_STORIES = """
SELECT t.id,
    (SELECT {array}({object}('id', e.id, 'by', ca.name, 'kind', e.kind, 'at', e.created_at, 'head', e.head,
        'tail', e.tail, 'length', e.length))
    FROM ({log}) e LEFT JOIN tasks_agent ca ON ca.id = e.author_id),
    (SELECT {object}('id', h.number, 'from', ha.name, 'done', h.done, 'pending', h.pending, 'gotchas', h.gotchas,
            'readback_needed', h.read_at IS NULL)
        FROM tasks_handoff h LEFT JOIN tasks_agent ha ON ha.id = h.by_id
        WHERE h.task_id = t.id AND h.number = (SELECT max(n.number) FROM tasks_handoff n WHERE n.task_id = t.id)
        AND (h.read_at IS NULL OR (h.read_by_id = t.assignee_id AND NOT EXISTS (
            SELECT 1 FROM tasks_submission s WHERE s.task_id = t.id AND s.created_at >= h.read_at))))
FROM tasks_task t WHERE {wanted}
"""
_SHOWN_OF_LOGS = {"head": logs.HEAD, "tail": logs.TAIL, "newest": NEWEST}
# The place of the number of entries in a row of _TASKS, after which come the counts of `also`.
_ENTRIES = 14
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
    rows = _asked(_TASKS, task_ids, counted=_COUNTED_TO)
    packets = {row[0]: _packet(row, now=now) for row in rows}
    entries = {row[0]: row[_ENTRIES] for row in rows if row[_ENTRIES]}
    for task_id, log, handoff in _asked(_STORIES, list(entries), **_SHOWN_OF_LOGS):
        packets[task_id] |= _story(_rows(log), _handoff(handoff), entries[task_id], now=now)
    bounced = [task_id for task_id, packet in packets.items() if packet["task"]["rejections"]]
    for task_id, unanswered in feedback.unanswered(bounced).items():
        packets[task_id]["feedback"] = unanswered
    return [packets[task_id] for task_id in task_ids if task_id in packets]


def _asked(sql: str, task_ids: Sequence[int], **bounds: int) -> list[Sequence[Any]]:
    if not task_ids:
        return []
    ids = json.dumps(list(task_ids)) if connection.vendor == "sqlite" else list(task_ids)
    with planned.cursor() as cursor:
        cursor.execute(_sql(sql, connection.vendor), {"ids": ids, **bounds})
        return list(cursor.fetchall())


@functools.cache
def _sql(sql: str, vendor: str) -> str:
    also = "".join(f",\n    {one}" for one in _also.values())
    return sql.format(**_FUNCTIONS[vendor], log=highlights.sql(vendor, task="t.id"), also=also)


def _packet(row: Sequence[Any], *, now: datetime) -> dict[str, Any]:
    """The packet of a task about which nothing has been written."""
    criteria, depends_on, labels = (_rows(value) for value in row[11:_ENTRIES])
    return {
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
        "log": [],
        "also": {"reviews_waiting": row[_ENTRIES + 1], **dict(zip(_also, row[_ENTRIES + 2 :], strict=True))},
    }


def _story(
    newest: list[dict[str, Any]], handoff: dict[str, Any] | None, entries: int, *, now: datetime
) -> dict[str, Any]:
    """What a packet says of a log with so many entries."""
    untold = _untold(newest, handoff)
    log = _log(untold, now=now)
    earlier = entries - len(log) - (len(newest) - len(untold))
    story = {"handoff": handoff, "log": log}
    return story | {"log_earlier": earlier} if earlier > 0 else story


def _handoff(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    handoff: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return handoff | {
        "from": handoff["from"] or "system",
        "readback_needed": bool(handoff["readback_needed"]),
    }


def _untold(entries: list[dict[str, Any]], handoff: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The entries without that of the handoff, which is not said twice."""
    if handoff is None:
        return entries
    repeated = f"{logs.heading_of_handoff(handoff['id'])} to "
    return [one for one in entries if one["kind"] != "move" or not one["head"].startswith(repeated)]


def _log(rows: list[dict[str, Any]], *, now: datetime) -> list[dict[str, Any]]:
    """The highlights of the log that fit LOG_CHARACTERS, in the order they were written."""
    entries = [_entry(row) for row in rows]
    shown = {one.id: _shown(one, now=now) for one in entries}
    cost = {key: len(encode_basestring(one["text"])) + len(one["by"]) + _FRAME for key, one in shown.items()}
    chosen = highlights.choose(entries, room=LOG_CHARACTERS, cost=lambda one: cost[one.id])
    return [shown[one.id] for one in chosen]


def _entry(row: dict[str, Any]) -> highlights.Entry:
    text = Excerpt(row["head"], row["tail"], row["length"])
    return highlights.Entry(row["id"], row["by"] or "system", row["kind"], times.aware(row["at"]), text)


def _shown(entry: highlights.Entry, *, now: datetime) -> dict[str, Any]:
    return {
        "by": entry.by,
        "kind": entry.kind,
        "text": logs.cut(entry.text.head, entry.text.tail, entry.text.length),
        "ago": max(0, int((now - entry.at).total_seconds())),
    }


def seconds_until(time: Any, *, now: datetime) -> int:
    """Whole seconds from `now` to a time of the database, never below 0."""
    return max(0, int((times.aware(time) - now).total_seconds())) if time else 0


def _rows(value: Any) -> list[dict[str, Any]]:
    if not value:
        return []
    rows = json.loads(value) if isinstance(value, str) else value
    return [json.loads(row) if isinstance(row, str) else row for row in rows]
