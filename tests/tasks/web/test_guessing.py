"""Guessing passwords: five tries, then pauses that double."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from tasks.web.guessing import FREE_TRIES, LONGEST_PAUSE, MOST_NAMES, Guesses

pytestmark = pytest.mark.once


def tried(guesses: Guesses, *, now: datetime, times: int = FREE_TRIES) -> Guesses:
    for _ in range(times):
        assert guesses.begin("olga", now=now) == 0
    return guesses


def test_pauses_double_up_to_the_longest(now: datetime):
    guesses, at, pauses = tried(Guesses(), now=now), now, []
    for _ in range(9):
        wait = guesses.begin("olga", now=at)
        pauses.append(wait - 1)
        at += timedelta(seconds=wait)
        assert guesses.begin("olga", now=at) == 0

    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert LONGEST_PAUSE.total_seconds() == 900


def test_waiting_tries_make_the_pause_no_longer(now: datetime):
    guesses = tried(Guesses(), now=now)
    for _ in range(100):
        guesses.begin("olga", now=now)

    assert guesses.begin("olga", now=now + timedelta(seconds=15)) == 0


def test_success_and_an_hour_of_quiet_begin_anew_and_others_never_wait(now: datetime):
    guesses = tried(Guesses(), now=now)
    assert guesses.begin("bob", now=now) == 0
    guesses.succeeded("olga")
    tried(guesses, now=now)
    tried(guesses, now=now + timedelta(hours=1, seconds=1))


def test_of_many_tries_at_the_same_instant_no_more_than_the_free_ones_are_heard(now: datetime):
    guesses = Guesses()
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: guesses.begin("olga", now=now), range(64)))

    assert waits.count(0) == FREE_TRIES


def test_invented_names_take_no_more_than_so_much_memory(now: datetime):
    guesses = tried(Guesses(), now=now)
    for n in range(3 * MOST_NAMES):
        guesses.begin(f"invented-{n}", now=now)

    assert len(guesses._tries) == MOST_NAMES
