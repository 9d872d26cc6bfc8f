"""Notices: what the board itself writes into the logs of several tasks, in one statement. They renew no lease."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from tasks.models import Comment
from tasks.queries import planned

_INSERT = (
    "INSERT INTO tasks_comment (task_id, author_id, kind, text, created_at) VALUES (%s, NULL, %s, %s, %s)"
)


def write(texts: Mapping[int, str], *, kind: Comment.Kind, now: datetime) -> None:
    """Put an entry into the log of each task, within the caller's transaction."""
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        cursor.executemany(_INSERT, [[task_id, kind.value, text, at] for task_id, text in texts.items()])
