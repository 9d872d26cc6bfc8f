"""Durations as people write them: `90s`, `30m`, `4h`, `2d`."""

from __future__ import annotations

import re
from datetime import timedelta

_PART = re.compile(r"(\d+)([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_COARSE = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_LONGEST = timedelta(days=3650)


def parse(text: str) -> timedelta:
    """`90s`, `30m`, `4h`, `2d`, or several in a row (`1h30m`), above zero and up to ten years. Raises ValueError."""
    parts = _PART.findall(text[:40])
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"'{text[:40]}' is not a duration; write 90s, 30m, 4h or 2d.")
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in parts)
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise ValueError(f"'{text[:40]}' is not a duration between 1s and 3650d.")
    return timedelta(seconds=seconds)


def write(seconds: int) -> str:
    """Seconds in the largest unit that is exact: 2700 is `45m`."""
    for unit in "dhm":
        if seconds % _SECONDS[unit] == 0:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"


def coarse(seconds: float) -> str:
    """A length of time for people, in the largest whole unit that fits: 5400 is `1 h` (also in static/js/times.js)."""
    whole = int(abs(seconds))
    return next((f"{whole // size} {unit}" for size, unit in _COARSE if whole >= size), "0 s")
