"""Pages of a task's log."""

from __future__ import annotations

from datetime import datetime

from tasks.models import Comment


def page(
    task_id: int, *, limit: int, kind: str | None = None, since: int | datetime | None = None
) -> list[Comment]:
    """Up to `limit` + 1 comments, oldest first, after the comment of id `since` or written at or after that time.

    The one too many says that there is more.
    """
    comments = Comment.objects.filter(task_id=task_id).select_related("author").order_by("pk")
    if kind:
        comments = comments.filter(kind=kind)
    if isinstance(since, int):
        comments = comments.filter(pk__gt=since)
    elif since is not None:
        comments = comments.filter(created_at__gte=since)
    return list(comments[: limit + 1])
