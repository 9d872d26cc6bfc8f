"""Pages of a channel's messages. They stay put while messages are added, and no reader that goes on misses one."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.lookups import Exact

from channels_app.models import Channel, Message
from tasks.queries import search


def older(
    channel: Channel, *, limit: int, before: int | None, q: str | None = None, thread: int | None = None
) -> list[Message]:
    """Up to `limit` + 1 messages, newest first, numbered below `before`; `q` and `thread` as in `newer`."""
    messages = _filtered(channel, q=q, thread=thread).order_by(_place(q).desc())
    if before is not None:
        messages = messages.filter(number__lt=before)
    return list(messages[: limit + 1])


def newer(
    channel: Channel, *, limit: int, since: int, q: str | None = None, thread: int | None = None
) -> list[Message]:
    """Up to `limit` + 1 messages, oldest first, numbered above `since`.

    `q`: those that hold all its words; `thread`: those of the thread that the message of this number belongs to.
    """
    messages = _filtered(channel, q=q, thread=thread).filter(number__gt=since).order_by(_place(q))
    return list(messages[: limit + 1])


def holding(messages: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Those of `messages` that hold every word of `text`; none if it has no word."""
    return search.among(messages, text, table="channels_app_search", key="message_id", first=True)


def numbered(channel: Channel, number: int) -> Message | None:
    """The message of this number."""
    return Message.objects.filter(channel=channel, number=number).first()


def each_numbered(channel: Channel, numbers: Collection[int]) -> dict[int, Message]:
    """The messages of these numbers, by number."""
    found = Message.objects.filter(channel=channel, number__in=numbers).select_related("author")
    return {message.number: message for message in found}


def submission_of(task_id: int) -> Message | None:
    """The message in #reviews that said that the task was handed in, the newest if it was so several times."""
    said = Message.objects.filter(task_id=task_id, event="task.submitted", channel__name=Channel.REVIEWS)
    return said.order_by("-pk").first()


# With words to look for, neither the channel nor the order may be what an index knows them by: a database would read
# the whole channel in its order, to find the few messages that hold them.
def _in(channel: Channel, q: str | None) -> Q:
    return Q(channel=channel) if q is None else Q(Exact(F("channel_id") + 0, channel.pk))


def _place(q: str | None) -> F | CombinedExpression:
    return F("number") if q is None else F("number") + 0


def _filtered(channel: Channel, *, q: str | None, thread: int | None) -> QuerySet[Message]:
    messages = Message.objects.filter(_in(channel, q)).select_related("author")
    if thread is not None:
        member = numbered(channel, thread)
        messages = messages.filter(thread=member.thread) if member else messages.none()
    if q is not None:
        messages = holding(messages, q)
    return messages
