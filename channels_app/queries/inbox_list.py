"""Pages of an inbox: what is unread first, the oldest of it first; then what was read, the newest first.

A listing goes by where it began: `Place.read_up_to` is how far the inbox was read then. So it shows everything once,
whoever reads, marks as read or writes in between; what comes while it is at the unread is at their end.
"""

from __future__ import annotations

from dataclasses import dataclass

from channels_app.models import Inbox, Notice
from tasks.models import Agent


@dataclass(frozen=True)
class Place:
    """Where a listing is: after the notice `at`, among those that were unread when it began or those that were not."""

    read_up_to: int
    unread: bool
    at: int


@dataclass(frozen=True)
class Page:
    """Some notices; how far the inbox is read by now, how many are unread, and where to go on (None: at the end)."""

    notices: list[Notice]
    read_up_to: int
    unread: int
    next: Place | None


def page(agent: Agent, *, limit: int, place: Place | None = None) -> Page:
    """Up to `limit` notices from `place`, or from the beginning. Marks nothing as read."""
    inbox = Inbox.objects.filter(agent=agent).first()
    if inbox is None:
        return Page([], 0, 0, None)
    place = place or Place(inbox.read_up_to, unread=True, at=inbox.read_up_to)
    notices = Notice.objects.filter(inbox=inbox).select_related("by", "message__channel")
    found: list[Notice] = []
    if place.unread:
        found = list(notices.filter(number__gt=place.at).order_by("number")[: limit + 1])
    if len(found) <= limit:
        below = place.read_up_to + 1 if place.unread else place.at
        read = notices.filter(number__lt=below).order_by("-number")
        found += read[: limit + 1 - len(found)]
    return Page(
        found[:limit], inbox.read_up_to, inbox.last_number - inbox.read_up_to, _next(place, found, limit)
    )


def _next(place: Place, found: list[Notice], limit: int) -> Place | None:
    if len(found) <= limit:
        return None
    last = found[limit - 1].number
    return Place(place.read_up_to, unread=last > place.read_up_to, at=last)
