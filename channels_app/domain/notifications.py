"""Notifications: what happens on the board and concerns an agent, without being said to everybody."""

from __future__ import annotations

from channels_app.domain.delivery import Saying
from channels_app.domain.news import Item, Say
from channels_app.models import Notice
from tasks.models import Comment, Status


def _commented(item: Item) -> Saying | None:
    comment_id = item.said("comment")
    comment = Comment.objects.filter(pk=comment_id, text__contains="@").first()
    if comment is None:
        return None
    return item.saying(comment.text, words=[comment.text], comment_id=comment.pk)


def _unblocked(item: Item) -> Saying | None:
    worker, resolution = item.said("worker"), item.said("resolution") or ""
    text = f"{item.title} is unblocked. {resolution}".strip()
    return item.saying(text, words=[resolution], addressed={worker: Notice.Kind.UNBLOCK} if worker else {})


def _stale(item: Item) -> Saying | None:
    holder = item.said("holder")
    text = f"{item.title} is stale: you have written nothing to its log; a comment by you keeps it."
    return item.saying(text, addressed={holder: Notice.Kind.STALE}) if holder else None


def _edited(item: Item) -> Saying | None:
    """Another reviewer for what waits for a review; before that, the reviewer is asked when it is handed in."""
    if "reviewer" not in item.said("fields"):
        return None
    reviewer = item.task.reviewer if item.task.status == Status.VALIDATING else None
    if reviewer is None:
        return None
    return item.saying(
        f"{item.title} waits for your review.", addressed={reviewer.name: Notice.Kind.REVIEW_REQUEST}
    )


def _read_back(item: Item) -> Saying | None:
    entry = item.log_entry()
    if entry is None or "@" not in entry.text:
        return None
    return item.saying(entry.text, words=[entry.text], comment_id=entry.pk)


def _reasoned(item: Item) -> Saying | None:
    reason = item.said("reason") or ""
    return item.saying(reason, words=[reason]) if "@" in reason else None


SAY: dict[str, Say] = {
    "task.commented": _commented,
    "task.unblocked": _unblocked,
    "task.stale": _stale,
    "task.edited": _edited,
    "task.read_back": _read_back,
    "task.cancelled": _reasoned,
    "task.reopened": _reasoned,
    "task.released": _reasoned,
    "task.criteria_amended": _reasoned,
}
