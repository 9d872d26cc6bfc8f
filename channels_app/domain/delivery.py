"""Delivery: what is said goes into its channel and into the inboxes of those it concerns.

The counters of channels and inboxes are locked here and nowhere else: channels first, by name, then inboxes, by agent,
each in one go at the end of a transaction. So no two deliveries wait for each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from channels_app.domain import excerpts, limits, recipients
from channels_app.models import Channel, Message, Notice
from tasks.domain import events
from tasks.domain.followers import Happening
from tasks.models import Agent
from tasks.queries import planned

_NUMBER_MESSAGES = """
UPDATE channels_app_channel SET last_number = last_number + %s, last_at = %s WHERE name = %s RETURNING id, last_number
"""
_STORE_MESSAGE = """
INSERT INTO channels_app_message
    (channel_id, number, author_id, text, reply_to, thread, task_id, event, mentions, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# Those of a channel from a number on: nobody else can have added any to one whose counter is locked.
_NEWEST_MESSAGES = (
    "SELECT id FROM channels_app_message WHERE channel_id = %s AND number >= %s ORDER BY number"
)
_STORE_NOTICE = """
INSERT INTO channels_app_notice (inbox_id, number, kind, task_id, message_id, comment_id, by_id, text, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_NUMBER_NOTICES = """
INSERT INTO channels_app_inbox (agent_id, last_number, read_up_to) VALUES {rows}
ON CONFLICT (agent_id) DO UPDATE SET last_number = channels_app_inbox.last_number + excluded.last_number
RETURNING agent_id, last_number
"""
# SQLite takes 32,766 parameters in a statement, and a row is two of them.
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Saying:
    """Something said, by an agent or (`by` null) the board itself, and whom it is for.

    `words` are what people and agents wrote of it: whoever is mentioned there gets a notice, but for `by` itself.
    `addressed` are the names of agents that get a notice of another kind, instead of a mention. Without a `channel`
    there is no message, only notices, which say `text`. `event` is the kind of event that it was made from.
    """

    text: str
    by: Agent | None
    words: Sequence[str] = ()
    channel: str | None = None
    answers: Message | None = None
    task_id: int | None = None
    comment_id: int | None = None
    event: str | None = None
    addressed: Mapping[str, Notice.Kind] = field(default_factory=dict)


def deliver(sayings: Sequence[Saying], *, now: datetime) -> list[Message | None]:
    """Store the messages and the notices; gives each saying's message. Needs a transaction, and ends what it does."""
    reached = recipients.of(sayings)
    messages = _store_messages(sayings, reached, now=now)
    _store_notices(sayings, messages, reached, now=now)
    return messages


def _store_messages(
    sayings: Sequence[Saying], reached: Sequence[recipients.Reached], *, now: datetime
) -> list[Message | None]:
    by_channel: dict[str, list[int]] = {}
    for at, saying in enumerate(sayings):
        if saying.channel is not None:
            by_channel.setdefault(saying.channel, []).append(at)
    messages: list[Message | None] = [None] * len(sayings)
    for channel in sorted(by_channel):
        places = by_channel[channel]
        channel_id, last = _number_messages(channel, len(places), now=now)
        stored = [
            _message(sayings[at], channel_id, number, reached[at].names, now=now)
            for number, at in enumerate(places, last - len(places) + 1)
        ]
        _store(stored)
        for at, message in zip(places, stored, strict=True):
            messages[at] = message
    events.record_all(
        [
            Happening(
                "message.posted", now, None, saying.by, {"channel": saying.channel, "message": message.number}
            )
            for saying, message in zip(sayings, messages, strict=True)
            if message
        ]
    )
    return messages


def _message(saying: Saying, channel_id: int, number: int, names: Sequence[str], *, now: datetime) -> Message:
    return Message(
        channel_id=channel_id,
        number=number,
        author=saying.by,
        text=saying.text,
        reply_to=saying.answers.number if saying.answers else None,
        thread=saying.answers.thread if saying.answers else number,
        task_id=saying.task_id,
        event=saying.event,
        mentions=list(names),
        created_at=now,
    )


def _number_messages(channel: str, count: int, *, now: datetime) -> tuple[int, int]:
    """The channel's id, and the last of `count` numbers that are ours."""
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        cursor.execute(_NUMBER_MESSAGES, [count, at, channel])
        row = cursor.fetchone()
    if row is None:
        # One that the board speaks in is there from the start; where somebody has taken it away, it comes back.
        Channel.objects.get_or_create(name=channel, defaults={"created_at": now})
        return _number_messages(channel, count, now=now)
    return int(row[0]), int(row[1])


def _store(messages: Sequence[Message]) -> None:
    """Insert messages of one channel, written out: everybody who writes to it waits until it is done."""
    rows = [
        [
            *(one.channel_id, one.number, one.author_id, one.text, one.reply_to, one.thread, one.task_id),
            *(one.event, json.dumps(one.mentions)),
            connection.ops.adapt_datetimefield_value(one.created_at),
        ]
        for one in messages
    ]
    with planned.cursor() as cursor:
        if len(rows) == 1:
            cursor.execute(f"{_STORE_MESSAGE} RETURNING id", rows[0])
        else:
            cursor.executemany(_STORE_MESSAGE, rows)
            cursor.execute(_NEWEST_MESSAGES, [messages[0].channel_id, messages[0].number])
        for message, (pk,) in zip(messages, cursor.fetchall(), strict=True):
            message.pk = pk


def _store_notices(
    sayings: Sequence[Saying],
    messages: Sequence[Message | None],
    reached: Sequence[recipients.Reached],
    *,
    now: datetime,
) -> None:
    at = connection.ops.adapt_datetimefield_value(now)
    numbers = _number_notices([agent_id for whom in reached for agent_id in whom.agents])
    rows = [
        [
            *(agent_id, next(numbers), kind.value, saying.task_id, message.pk if message else None),
            *(saying.comment_id, saying.by.pk if saying.by else None),
            *(excerpts.cut(saying.text, limits.NOTICE), at),
        ]
        for saying, message, whom in zip(sayings, messages, reached, strict=True)
        for agent_id, kind in whom.agents.items()
    ]
    if rows:
        with planned.cursor() as cursor:
            cursor.executemany(_STORE_NOTICE, rows)


def _number_notices(agent_ids: Sequence[int]) -> Iterator[int]:
    """The number that each notice gets in its agent's inbox."""
    counts: dict[int, int] = {}
    for agent_id in agent_ids:
        counts[agent_id] = counts.get(agent_id, 0) + 1
    following: dict[int, int] = {}
    rows = sorted(counts.items())
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        with connection.cursor() as cursor:
            sql = _NUMBER_NOTICES.format(rows=", ".join(["(%s, %s, 0)"] * len(some)))
            cursor.execute(sql, [value for row in some for value in row])
            following |= {agent_id: last - counts[agent_id] + 1 for agent_id, last in cursor.fetchall()}
    for agent_id in agent_ids:
        yield following[agent_id]
        following[agent_id] += 1
