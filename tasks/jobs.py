"""Jobs: what the scheduler calls. Each reads the clock and makes one domain call, and can be cut off and done again."""

from __future__ import annotations

from django.utils import timezone

from tasks.domain import due, reclaiming, staleness


def flag_stale() -> int:
    """Tell the holders that have gone quiet."""
    return staleness.flag(now=timezone.now())


def take_back() -> int:
    """Take back what nobody has written to."""
    return reclaiming.take_back(now=timezone.now())


def lapse() -> int:
    """Let reservations lapse and deferrals end."""
    return due.catch_up_all(now=timezone.now())
