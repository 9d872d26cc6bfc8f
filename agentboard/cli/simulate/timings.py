"""Timings: how long each answer took, by call."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """How many answers a call had, and within how many milliseconds half of them and 99 of 100 came."""

    count: int
    p50: float
    p99: float


class Timings:
    """Milliseconds by name of call. May be added to from any thread: an append is one step for Python."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))

    @property
    def count(self) -> int:
        """How many answers there were."""
        return sum(len(taken) for taken in list(self._taken.values()))

    def add(self, call: str, milliseconds: float) -> None:
        """Note one answer."""
        self._taken[call].append(milliseconds)

    def spread(self) -> dict[str, Spread]:
        """The spread of every call, by its name."""
        return {call: _spread(sorted(self._taken[call])) for call in sorted(self._taken)}


def _spread(taken: list[float]) -> Spread:
    last = len(taken) - 1
    return Spread(len(taken), taken[round(last * 0.5)], taken[round(last * 0.99)])
