"""Channels: finding one by its name, making a new one, saying what it is about."""

from __future__ import annotations

from datetime import datetime

from channels_app.models import Channel
from channels_app.queries import channel_list
from tasks.domain import agents, events, transactions
from tasks.domain.refusals import Conflict, Invalid, Missing
from tasks.models import Agent


class UnknownChannel(Missing):
    """No channel of that name; the nearest names are in the fix."""


class NameTaken(Conflict):
    """There is a channel of that name."""


def clean_name(name: object) -> str:
    """The name lower-cased, without a `#` before it; refused as Invalid if it is none."""
    lowered = name.strip().removeprefix("#").lower() if isinstance(name, str) else ""
    if agents.NAME.fullmatch(lowered):
        return lowered
    raise Invalid(
        {"name": ["A channel's name is 1 to 40 of a-z 0-9 . _ - and starts with a letter or digit."]},
        fix="Call again with such a name, for example release-2.",
    )


def find(name: str) -> Channel:
    """The channel called `name` or `#name`. Refused as UnknownChannel."""
    wanted = name.strip().removeprefix("#").lower()
    channel = Channel.objects.filter(name=wanted).first() if agents.NAME.fullmatch(wanted) else None
    if channel is None:
        near = channel_list.nearest(wanted[:40])
        hint = f"The nearest are {', '.join(near)}." if near else "GET /channels lists them."
        raise UnknownChannel(f"There is no channel {name[:60]}.", fix=hint)
    return channel


def make(name: str, *, topic: str, by: Agent, now: datetime) -> Channel:
    """Make a channel. Refused as NameTaken, or as Invalid for a name that is none."""
    cleaned = clean_name(name)
    with transactions.change():
        channel, created = Channel.objects.get_or_create(
            name=cleaned, defaults={"topic": topic, "created_by": by, "created_at": now}
        )
        if not created:
            raise NameTaken(
                f"There is a channel {cleaned} already.",
                fix=f"POST /channels/{cleaned}/messages writes to it.",
            )
        events.record("channel.created", now=now, by=by, channel=cleaned)
    return channel


def describe(channel: Channel, *, topic: str, by: Agent | None, now: datetime) -> None:
    """Say what the channel is about from now on."""
    with transactions.change():
        Channel.objects.filter(pk=channel.pk).update(topic=topic)
        events.record("channel.changed", now=now, by=by, channel=channel.name, fields=["topic"])
