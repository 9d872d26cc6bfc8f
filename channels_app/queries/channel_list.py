"""Channels by name: one, all of them, and those somebody may have meant."""

from __future__ import annotations

from difflib import get_close_matches

from channels_app.models import Channel

_COMPARED = 2000


def page(*, limit: int, after: str = "") -> list[Channel]:
    """Up to `limit` + 1 channels in the order of their names, from after the name `after`."""
    return list(Channel.objects.filter(name__gt=after).order_by("name")[: limit + 1])


def named(beginning: str, *, limit: int) -> list[Channel]:
    """Up to `limit` channels by name whose names begin so."""
    return list(Channel.objects.filter(name__startswith=beginning).order_by("name")[:limit])


def nearest(name: str) -> list[str]:
    """Up to three names of channels like `name`, best first."""
    names = Channel.objects.order_by("name").values_list("name", flat=True)[:_COMPARED]
    return get_close_matches(name, list(names), n=3, cutoff=0.5)
