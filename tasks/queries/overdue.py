"""Overdue: tasks whose holder has gone quiet, read through the indexes on when that becomes so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tasks.queries import planned, queue, times

# What somebody else has locked is being changed, perhaps by a word of its holder; it is left to the next round. So none
# of these rows has been waited for, and the holder that is read with it is the one it has.
_LOCKED = " FOR NO KEY UPDATE OF t SKIP LOCKED"
# In the order of the index alone: of thousands that fall due at one moment, a second column would have all sorted.
_SILENT = """
SELECT t.id, a.name, t.last_word_at, t.lease_expires_at, t.attempts, 1 + (
    SELECT count(*) FROM tasks_attempt e WHERE e.task_id = t.id AND e.outcome = 'reclaimed' AND e.token > COALESCE((
        SELECT max(o.token) FROM tasks_attempt o
        WHERE o.task_id = t.id AND o.ended_at IS NOT NULL AND o.outcome <> 'reclaimed'), 0))
FROM tasks_task t JOIN tasks_agent a ON a.id = t.assignee_id
WHERE t.status = 'doing' AND {silent} ORDER BY {by} LIMIT %(most)s
"""
_UNFLAGGED = _SILENT.format(silent="t.stale_at <= %(now)s AND t.flagged_at IS NULL", by="t.stale_at")
_EXPIRED = _SILENT.format(silent="t.lease_expires_at <= %(now)s", by="t.lease_expires_at")
_ONE = _SILENT.format(silent="t.lease_expires_at <= %(now)s AND t.id = %(task)s", by="t.id")


@dataclass(frozen=True)
class Silent:
    """A task in work, its holder, and how many attempts in a row have ended, or are about to, without a word: from 1,
    counted back to one that ended otherwise."""

    task_id: int
    holder: str
    last_word_at: datetime
    lease_expires_at: datetime
    attempts: int
    silences: int


def lock_unflagged(*, now: datetime, most: int) -> list[Silent]:
    """Up to `most` tasks that have turned stale and are not flagged, their rows locked."""
    return _lock(_UNFLAGGED, now=now, most=most)


def lock_expired(*, now: datetime, most: int) -> list[Silent]:
    """Up to `most` tasks whose lease has run out, the longest overdue first, their rows locked."""
    return _lock(_EXPIRED, now=now, most=most)


def lock_one_expired(task_id: int, *, now: datetime) -> list[Silent]:
    """The task, if its lease has run out."""
    return _lock(_ONE, now=now, most=1, task=task_id)


def is_any_expired(*, now: datetime) -> bool:
    """Whether the lease of any task has run out: one look into an index."""
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        cursor.execute(f"SELECT {queue.SOMETHING_EXPIRED}", {"now": at})
        return bool(cursor.fetchone()[0])


def _lock(sql: str, *, now: datetime, most: int, **more: int) -> list[Silent]:
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        locked = _LOCKED if connection.vendor == "postgresql" else ""
        cursor.execute(sql + locked, {"now": at, "most": most, **more})
        return [
            Silent(pk, holder, times.aware(last_word), times.aware(expires), attempts, silences)
            for pk, holder, last_word, expires, attempts, silences in cursor.fetchall()
        ]
