"""Followers: rooms above the board that want to know what happens on it, told in the transaction it happens in.

What happens within a change is gathered, and handed over in one call right before the outermost change commits. So the
row locks that followers need (the counters of channels and inboxes) are taken after every lock of the board, once for a
transaction, which is why they cannot deadlock with it and are held for a moment only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.models import Agent


@dataclass(frozen=True)
class Happening:
    """An event as it was recorded: `by` null is the board itself, `data` is what the event holds besides."""

    kind: str
    now: datetime
    task_id: int | None
    by: Agent | None
    data: dict[str, Any]


Follower = Callable[[Sequence[Happening]], None]


class _Gathered(threading.local):
    """What has happened in this thread's changes so far, and how many of them are open, one inside the other."""

    def __init__(self) -> None:
        self.depth = 0
        self.happenings: list[Happening] = []


_followers: dict[str, list[Follower]] = {}
_gathered = _Gathered()


def follow(kind: str, follower: Follower) -> None:
    """Have `follower` told of every event of this kind from now on, once a transaction, in the order they happened."""
    following = _followers.setdefault(kind, [])
    if follower not in following:
        following.append(follower)


def tell(happening: Happening) -> None:
    """Note what happened, if somebody follows it. Outside of a change it is handed over at once.

    Raises RuntimeError outside of any transaction, where what followers write could be there without what they follow.
    """
    if happening.kind not in _followers:
        return
    if _gathered.depth:
        _gathered.happenings.append(happening)
    elif connection.in_atomic_block:
        _hand_over([happening])
    else:
        raise RuntimeError(f"{happening.kind} is followed, and was recorded outside of a transaction")


@contextmanager
def gathering() -> Iterator[None]:
    """A change, within its transaction. What happened in one that fails, or is to be undone, is forgotten."""
    mark = len(_gathered.happenings)
    _gathered.depth += 1
    try:
        yield
        if connection.needs_rollback:
            del _gathered.happenings[mark:]
        elif _gathered.depth == 1:
            _hand_over_all()
    except BaseException:
        del _gathered.happenings[mark:]
        raise
    finally:
        _gathered.depth -= 1


def _hand_over_all() -> None:
    # Followers may make changes of their own; what happens in those is handed over in a further round.
    while _gathered.happenings:
        happenings, _gathered.happenings = _gathered.happenings, []
        _hand_over(happenings)


def _hand_over(happenings: Sequence[Happening]) -> None:
    told: dict[Follower, list[Happening]] = {}
    for happening in happenings:
        for follower in _followers[happening.kind]:
            told.setdefault(follower, []).append(happening)
    for follower, theirs in told.items():
        follower(theirs)
