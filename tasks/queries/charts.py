"""Charts: the numbers a manager asks for, over a number of days until now, all of one moment.

They are in the words of `statistics` where they are the same. Days are those of UTC, and today is one of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tasks.queries import flows, held_time, outcomes, snapshots
from tasks.queries.outcomes import Tally

# From here on what is a share or a median is told by the week: a single day has too little of it.
_BY_WEEK = 60


@dataclass(frozen=True)
class Span:
    """What came out in some days, from `first` to `last`."""

    first: date
    last: date
    tally: Tally

    @property
    def median(self) -> float | None:
        """The median of the cycle times, in seconds."""
        return outcomes.quantile(self.tally.cycles, 0.5)

    @property
    def p85(self) -> float | None:
        """The 85th percentile of the cycle times, in seconds."""
        return outcomes.quantile(self.tally.cycles, 0.85)


@dataclass(frozen=True)
class Member:
    """What came out of an agent's work, and for how many seconds it held tasks."""

    name: str
    tally: Tally
    held: int


@dataclass(frozen=True)
class Charts:
    """`daily` has a span for each day and `spans` for each day or week, both oldest first and without gaps."""

    days: int
    total: Span
    daily: list[Span]
    spans: list[Span]
    flow: list[flows.Level]
    members: list[Member]
    members_left_out: int


def compute(*, days: int, now: datetime) -> Charts:
    """The charts of `days` days, the last of which is today."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    start, until = (datetime.combine(day, time(), UTC) for day in (first, today + timedelta(days=1)))
    with snapshots.one_moment():
        came_out = list(outcomes.between(start, until))
        flow = flows.levels(days=days, now=now)
        held = held_time.by_agent(start, until=now)
    members = _members(came_out, held)
    return Charts(
        days,
        Span(first, today, _tally(came_out)),
        _spans(came_out, first, today, 1),
        _spans(came_out, first, today, 7 if days >= _BY_WEEK else 1),
        flow,
        members[: outcomes.SHOWN],
        max(0, len(members) - outcomes.SHOWN),
    )


def _tally(came_out: list[outcomes.Outcome]) -> Tally:
    tally = Tally()
    for outcome in came_out:
        tally.count(outcome)
    return tally


def _spans(came_out: list[outcomes.Outcome], first: date, last: date, length: int) -> list[Span]:
    """The days in spans of `length`, the last of them whole."""
    tallies: dict[int, Tally] = defaultdict(Tally)
    for outcome in came_out:
        tallies[(last - outcome.at.date()).days // length].count(outcome)
    count = ((last - first).days + length) // length
    return [
        Span(
            max(first, last - timedelta(days=(back + 1) * length - 1)),
            last - timedelta(days=back * length),
            tallies[back],
        )
        for back in reversed(range(count))
    ]


def _members(came_out: list[outcomes.Outcome], held: Counter[str]) -> list[Member]:
    """Everybody who shipped, was rejected or held something, those with the most first."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for outcome in came_out:
        if outcome.worker:
            tallies[outcome.worker].count(outcome)
    members = [Member(name, tallies[name], held[name]) for name in tallies.keys() | held.keys()]
    return sorted(members, key=lambda one: (-one.tally.done - one.tally.rejected, -one.held, one.name))
