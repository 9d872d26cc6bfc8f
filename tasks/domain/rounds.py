"""Rounds: work on any number of rows in transactions so short that nobody who claims a task notices them."""

from __future__ import annotations

import time
from collections.abc import Callable

# Seconds between two rounds, in which others get their turn: SQLite lets one writer in, and one that comes back at once
# is always the first.
_PAUSE = 0.03
# Seconds after which the rest is left to the next time: a job that takes a minute is ended by its timeout.
_LONGEST = 40.0


def go(one: Callable[[], int], *, full: int) -> int:
    """Call `one`, a bounded transaction, until it changes fewer than `full` rows; gives how many in all."""
    end = time.monotonic() + _LONGEST
    total = changed = one()
    while changed >= full and time.monotonic() < end:
        time.sleep(_PAUSE)
        changed = one()
        total += changed
    return total
