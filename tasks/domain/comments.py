"""Comments: writing to a task's log. A word by the holder renews its lease and clears the stale flag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tasks.domain import asking, events, leases, transactions
from tasks.models import Agent, Task

_INSERT = """
INSERT INTO tasks_comment (task_id, author_id, kind, text, created_at) VALUES (%s, %s, %s, %s, %s) RETURNING id
"""


@dataclass(frozen=True)
class Written:
    """The id of a new comment, and whether it was a word by the holder."""

    comment_id: int
    by_holder: bool


def write(task: Task, *, by: Agent, text: str, kind: str, lease: int | None, now: datetime) -> Written:
    """Add a comment by `by`, who need not be the holder. A `lease` that is not current is refused as LeaseLost.

    A human's comment answers what the task asks a human.
    """
    with transactions.change():
        by_holder = leases.renew(task, by=by, token=lease, now=now)
        if lease is not None and not by_holder:
            raise leases.lost(task.pk, agent=by, now=now)
        asking.answer(task.pk, by=by, now=now)
        comment_id = append(task.pk, by=by, kind=kind, text=text, now=now)
        events.record("task.commented", now=now, task_id=task.pk, by=by, comment=comment_id, kind=kind)
    return Written(comment_id, by_holder)


def append(task_id: int, *, by: Agent | None, kind: str, text: str, now: datetime) -> int:
    """Put an entry into the log within the caller's transaction; `by` null is the board itself. Gives its id."""
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [task_id, by.pk if by else None, kind, text, at])
        return int(cursor.fetchone()[0])
