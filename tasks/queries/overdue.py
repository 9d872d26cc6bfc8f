"""Overdue: tasks whose holder has gone quiet, read through the indexes on when that becomes so."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from tasks.models import Status, Task
from tasks.queries import planned, queue


def lock_unflagged(*, now: datetime, most: int) -> list[Task]:
    """Up to `most` tasks that have turned stale and are not flagged, their rows locked."""
    return _lock(Task.objects.filter(stale_at__lte=now, flagged_at=None), "stale_at", most)


def lock_expired(*, now: datetime, most: int) -> list[Task]:
    """Up to `most` tasks whose lease has run out, the longest overdue first, their rows locked."""
    return _lock(Task.objects.filter(lease_expires_at__lte=now), "lease_expires_at", most)


def is_any_expired(*, now: datetime) -> bool:
    """Whether the lease of any task has run out: one look into an index."""
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        cursor.execute(f"SELECT {queue.SOMETHING_EXPIRED}", {"now": at})
        return bool(cursor.fetchone()[0])


def _lock(tasks: QuerySet[Task], by: str, most: int) -> list[Task]:
    # What somebody else has locked is being changed, perhaps by a word of its holder; it is left to the next round.
    rows = tasks.filter(status=Status.DOING).order_by(by, "pk").defer("description", "origin")
    return list(rows.select_for_update(skip_locked=True, no_key=True)[:most])
