"""Talk: messages as a conversation is read, by day, with what one writer says in a row under one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from channels_app.models import Channel, Message
from channels_app.queries import message_list

_IN_A_ROW = timedelta(minutes=5)


@dataclass(frozen=True)
class Line:
    """A message; the day that begins with it, if one does; whether it goes on with what its writer said just before;
    and the message it answers."""

    message: Message
    day: date | None
    goes_on: bool
    answers: Message | None

    @property
    def by(self) -> str:
        """Who wrote it; `system` is the board itself."""
        return self.message.author.name if self.message.author else "system"

    @property
    def happened(self) -> str:
        """What happened on the board that this message tells of; empty for what somebody wrote."""
        return (self.message.event or "").rpartition(".")[2].replace("_", " ")


def laid_out(channel: Channel, messages: Sequence[Message], *, after: Message | None) -> list[Line]:
    """The lines of these messages, oldest first; `after` is the one before them, where it is shown already."""
    numbers = {message.reply_to for message in messages if message.reply_to}
    answered = message_list.each_numbered(channel, numbers) if numbers else {}
    lines, before = [], after
    for message in messages:
        day = message.created_at.astimezone(UTC).date()
        begins = before is None or day != before.created_at.astimezone(UTC).date()
        answers = answered.get(message.reply_to or 0)
        goes_on = not begins and answers is None and _goes_on(message, before)
        lines.append(Line(message, day if begins else None, goes_on, answers))
        before = message
    return lines


def _goes_on(message: Message, before: Message | None) -> bool:
    if before is None or message.event or before.event or message.author_id != before.author_id:
        return False
    return message.created_at - before.created_at < _IN_A_ROW
