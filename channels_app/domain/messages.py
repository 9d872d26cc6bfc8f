"""Messages: writing to a channel."""

from __future__ import annotations

from datetime import datetime

from channels_app.domain import delivery
from channels_app.models import Channel, Message
from channels_app.queries import message_list
from tasks.domain import transactions
from tasks.domain.refusals import Invalid
from tasks.models import Agent


class UnknownMessage(Invalid):
    """The message to reply to is not in the channel."""


def post(
    channel: Channel, text: str, *, by: Agent | None, now: datetime, reply_to: int | None = None
) -> Message:
    """Write `text` (Markdown) to the channel, `by` null as the board itself. Whom it mentions finds it in its inbox.

    `reply_to` is the number of the message it answers; one that the channel does not have is refused as UnknownMessage.
    """
    with transactions.change():
        answered = _answered(channel, reply_to)
        saying = delivery.Saying(text, by=by, words=[text], channel=channel.name, answers=answered)
        (message,) = delivery.deliver([saying], now=now)
        assert message is not None
        return message


def _answered(channel: Channel, number: int | None) -> Message | None:
    if number is None:
        return None
    answered = message_list.numbered(channel, number)
    if answered is None:
        raise UnknownMessage(
            {"reply_to": [f"There is no message {number} in {channel.name}."]},
            fix=f"GET /channels/{channel.name}/messages shows the ids.",
        )
    return answered
