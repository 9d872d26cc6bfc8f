"""Guessing: how often wrong passwords may be tried, so that nobody finds one by trying all.

Kept in memory, by each web process for itself. After FREE_TRIES wrong ones in a row for an account the next try has to
wait FIRST_PAUSE, then twice as long each time, up to LONGEST_PAUSE; whoever has a sign-in link need not wait.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_TRIES = 5
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
# An account that nobody has tried for so long begins anew.
FORGOTTEN_AFTER = timedelta(hours=1)
# Names are anybody's to invent; of more than these the ones tried longest ago are forgotten.
MOST_NAMES = 1000


@dataclass
class _Tries:
    count: int
    last: datetime

    def pause_ends(self) -> datetime:
        beyond = self.count - FREE_TRIES
        return self.last + (
            min(FIRST_PAUSE * 2 ** min(beyond, 16), LONGEST_PAUSE) if beyond >= 0 else timedelta()
        )


class Guesses:
    """The tries of late, by the name of the account. Any number of threads may ask."""

    def __init__(self) -> None:
        self._tries: dict[str, _Tries] = {}
        self._lock = threading.Lock()

    def begin(self, username: str, *, now: datetime) -> int:
        """Count a try, before its password is looked at, and give 0; or count nothing and give the seconds to wait.

        Counted first, because of many tries at the same instant none has failed yet.
        """
        with self._lock:
            tries = self._tries.pop(username, None)
            if tries is None or now - tries.last > FORGOTTEN_AFTER:
                tries = _Tries(0, now)
            self._tries[username] = tries
            wait = (tries.pause_ends() - now).total_seconds()
            if wait > 0:
                return int(wait) + 1
            tries.count, tries.last = tries.count + 1, now
            if len(self._tries) > MOST_NAMES:
                del self._tries[next(iter(self._tries))]
            return 0

    def succeeded(self, username: str) -> None:
        """Forget the wrong tries for an account whose password was given."""
        with self._lock:
            self._tries.pop(username, None)


guesses = Guesses()
