"""Pages of a channel's messages. They stay put while messages are added, and no reader that goes on misses one."""

from __future__ import annotations

from django.db.models import QuerySet

from channels_app.models import Channel, Message
from tasks.queries import search


def older(
    channel: Channel, *, limit: int, before: int | None, q: str | None = None, thread: int | None = None
) -> list[Message]:
    """Up to `limit` + 1 messages, newest first, numbered below `before`; `q` and `thread` as in `newer`."""
    messages = _filtered(channel, q=q, thread=thread).order_by("-number")
    if before is not None:
        messages = messages.filter(number__lt=before)
    return list(messages[: limit + 1])


def newer(
    channel: Channel, *, limit: int, since: int, q: str | None = None, thread: int | None = None
) -> list[Message]:
    """Up to `limit` + 1 messages, oldest first, numbered above `since`.

    `q`: those that hold all its words; `thread`: those of the thread that the message of this number belongs to.
    """
    messages = _filtered(channel, q=q, thread=thread).filter(number__gt=since).order_by("number")
    return list(messages[: limit + 1])


def holding(messages: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Those of `messages` that hold every word of `text`; none if it has no word."""
    return search.among(messages, text, table="channels_app_search", key="message_id")


def numbered(channel: Channel, number: int) -> Message | None:
    """The message of this number."""
    return Message.objects.filter(channel=channel, number=number).first()


def submission_of(task_id: int) -> Message | None:
    """The message in #reviews that said that the task was handed in, the newest if it was so several times."""
    said = Message.objects.filter(task_id=task_id, event="task.submitted", channel__name=Channel.REVIEWS)
    return said.order_by("-pk").first()


def _filtered(channel: Channel, *, q: str | None, thread: int | None) -> QuerySet[Message]:
    messages = Message.objects.filter(channel=channel).select_related("author")
    if thread is not None:
        member = numbered(channel, thread)
        messages = messages.filter(thread=member.thread) if member else messages.none()
    if q is not None:
        messages = holding(messages, q)
    return messages
