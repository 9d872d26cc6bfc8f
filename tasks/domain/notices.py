"""Notices: what the board itself writes into the logs of several tasks, in one statement. They renew no lease."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tasks.models import Comment


def write(texts: Mapping[int, str], *, kind: Comment.Kind, now: datetime) -> None:
    """Put an entry into the log of each task, within the caller's transaction."""
    Comment.objects.bulk_create(
        [Comment(task_id=task_id, kind=kind, text=text, created_at=now) for task_id, text in texts.items()]
    )
