"""Dates: times as other programs write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
# Clocks differ a little; a date beyond this was never read from one.
_CLOCK_SKEW = timedelta(days=1)
_FAR_FUTURE = timedelta(days=36_500)


def past(text: str, *, now: datetime) -> datetime | None:
    """The time that was written, in UTC; None if it is none, before 1970 or after today."""
    return _between(text, now + _CLOCK_SKEW)


def planned(text: str, *, now: datetime) -> datetime | None:
    """The time that was written, in UTC; None if it is none, before 1970 or more than a century ahead."""
    return _between(text, now + _FAR_FUTURE)


def _between(text: str, latest: datetime) -> datetime | None:
    try:
        time = datetime.fromisoformat(text[:60])
        in_utc = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return in_utc if _EARLIEST <= in_utc <= latest else None
