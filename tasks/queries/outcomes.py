"""Outcomes: what was finished and what was rejected in a period, read through an index on time.

What belongs to an event is looked up event by event in the database: a join over all of them was planned as a pass over
every attempt there ever was.
Quantiles interpolate linearly between the closest ranks (Hyndman and Fan 1996, definition 7).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from tasks.queries import times

FINISHED = ("task.approved", "task.overridden")
KINDS = (*FINISHED, "task.rejected")
# Agents and labels in an answer: the ones with the most that was finished or rejected.
SHOWN = 100

_EVENTS = """
SELECT e.kind, e.at, e.task_id, {worker},
    (SELECT a.started_at FROM tasks_attempt a WHERE a.task_id = e.task_id ORDER BY a.token LIMIT 1)
FROM tasks_event e WHERE e.kind IN ('task.approved', 'task.overridden', 'task.rejected') AND e.at >= %s AND e.at < %s
"""
# Who did the work, in SQL, of the event `e`.
WORKER = {"sqlite": "json_extract(e.data, '$.worker')", "postgresql": "e.data ->> 'worker'"}


class Outcome(NamedTuple):
    """A task was finished or rejected; `worker` did the work, which began with its first claim at `begun`."""

    kind: str
    at: datetime
    task_id: int
    worker: str | None
    begun: datetime | None


@dataclass
class Tally:
    """What came out, of the whole, an agent, a label, a day. `cycles` are seconds from the first claim to the end."""

    done: int = 0
    overridden: int = 0
    rejected: int = 0
    cycles: list[float] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Add one more."""
        if outcome.kind == "task.rejected":
            self.rejected += 1
            return
        self.done += 1
        self.overridden += outcome.kind == "task.overridden"
        if outcome.begun:
            self.cycles.append((outcome.at - outcome.begun).total_seconds())

    @property
    def rejection_rate(self) -> float | None:
        """The share of what was judged that was rejected, 0 to 1; None where nothing was."""
        judged = self.done - self.overridden + self.rejected
        return round(self.rejected / judged, 4) if judged else None

    def shown(self) -> dict[str, Any]:
        """As an answer shows it, in plain JSON."""
        return {
            "done": self.done,
            "overridden": self.overridden,
            "rejected": self.rejected,
            "rejection_rate": self.rejection_rate,
            "cycle_time": spread(self.cycles),
        }


def between(start: datetime, until: datetime) -> Iterator[Outcome]:
    """What came out from `start` (inclusive) to `until` (exclusive), in any order."""
    period = [connection.ops.adapt_datetimefield_value(at) for at in (start, until)]
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS.format(worker=WORKER[connection.vendor]), period)
        for kind, at, task_id, worker, begun in cursor:
            yield Outcome(kind, times.aware(at), task_id, worker, times.aware(begun) if begun else None)


def most(tallies: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """The SHOWN with the most that was finished or rejected, by name."""
    largest = heapq.nlargest(SHOWN, tallies.items(), key=lambda item: item[1].done + item[1].rejected)
    return sorted(largest, key=lambda item: item[0])


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """The median and the 85th percentile of the values."""
    return {"median": quantile(values, 0.5), "p85": quantile(values, 0.85)}


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` (0 to 1) of the values lie, interpolated; None of no values."""
    if not values:
        return None
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (position - below), 3)
