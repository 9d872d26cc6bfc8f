"""Jobs: what the scheduler calls. Each reads the clock and makes one domain call, and can be cut off and done again."""

from __future__ import annotations

from django.utils import timezone

from tasks.domain import absences, digests, due, reclaiming, sequence, staleness


def flag_stale() -> int:
    """Tell the holders that have gone quiet."""
    return staleness.flag(now=timezone.now())


def take_back() -> int:
    """Take back what nobody has written to."""
    return reclaiming.take_back(now=timezone.now())


def lapse() -> int:
    """Let reservations lapse and deferrals end."""
    return due.catch_up_all(now=timezone.now())


def notice_absence() -> int:
    """Tell who went offline and who came back."""
    return absences.notice(now=timezone.now())


def post_digest() -> int:
    """Tell the state of the board, once in each period."""
    return int(digests.post(now=timezone.now()) is not None)


def number_events() -> int:
    """Number the events that nobody has read, so that who reads after a long time need not."""
    return int(sequence.catch_up())
