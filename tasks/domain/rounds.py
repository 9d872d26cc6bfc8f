"""Rounds: work on any number of rows in transactions so short that nobody who claims a task notices them."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

from tasks.domain import transactions

# Seconds that a round is meant to take. On SQLite whoever writes meanwhile waits for it; on PostgreSQL only those who
# find no work, and would do the same.
_AIM = {"sqlite": 0.012, "postgresql": 0.03}
# Rows of the first round, and at least, because one of few takes nearly as long as one of many; rows of any round.
FEWEST = {"sqlite": 10, "postgresql": 40}
MOST = 500
# How long the pause after a round is, as a share of it. On PostgreSQL nobody waits for the job, but for the machine.
_REST = {"sqlite": 1.0, "postgresql": 0.25}
# Seconds that a round is taken to last at least, and of a pause: a disk that stalls is no reason to stall longer.
_SHORTEST, _LONGEST_PAUSE = 0.001, 0.1
# Seconds after which the rest is left to the next time: a job that takes a minute is ended by its timeout.
_LONGEST = 40.0


def go(one: Callable[[int], int]) -> int:
    """Call `one(most)`, each time in a transaction, until it changes fewer than `most` rows; gives how many in all.

    `most` follows from how long the last round took on this machine, with what else it has to do. Between two rounds
    there is a pause that follows from the same, in which others get their turn.
    """
    end = time.monotonic() + _LONGEST
    total, most = 0, FEWEST[connection.vendor]
    while True:
        with transactions.change():
            # From here on, because to wait for one's turn keeps nobody waiting.
            begun = time.monotonic()
            changed = one(most)
        took = max(time.monotonic() - begun, _SHORTEST)
        total += changed
        if changed < most or time.monotonic() >= end:
            return total
        time.sleep(min(took * _REST[connection.vendor], _LONGEST_PAUSE))
        most = int(most * min(_AIM[connection.vendor] / took, 2))
        most = min(max(most, FEWEST[connection.vendor]), MOST)
