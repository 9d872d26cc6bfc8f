"""Statistics: throughput, cycle time, review time and rejections of a period, computed from what happened in it.

Every number is read through an index on time, so it costs what happened in the period and not what is on the board.
What belongs to an event is looked up event by event in the database: a join over all of them was planned as a pass over
every attempt there ever was.
Quantiles interpolate linearly between the closest ranks (Hyndman and Fan 1996, definition 7).
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

from tasks.models import Event, Review, Submission, TaskLabel
from tasks.queries import times

# Agents and labels in an answer: the ones with the most that was finished or rejected.
SHOWN = 100
_DONE = ("task.approved", "task.overridden")
_EVENTS = """
SELECT e.kind, e.at, e.task_id, {worker},
    (SELECT a.started_at FROM tasks_attempt a WHERE a.task_id = e.task_id ORDER BY a.token LIMIT 1)
FROM tasks_event e WHERE e.kind IN ('task.approved', 'task.overridden', 'task.rejected') AND e.at >= %s AND e.at < %s
"""
_WORKER = {"sqlite": "json_extract(e.data, '$.worker')", "postgresql": "e.data ->> 'worker'"}


class _Event(NamedTuple):
    """A task was finished or rejected; `worker` did the work, which began with its first claim at `begun`."""

    kind: str
    at: datetime
    task_id: int
    worker: str | None
    begun: datetime | None


@dataclass
class _Tally:
    """What is counted for the whole, for an agent, for a label."""

    done: int = 0
    overridden: int = 0
    rejected: int = 0
    cycles: list[float] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        judged = self.done - self.overridden + self.rejected
        return {
            "done": self.done,
            "overridden": self.overridden,
            "rejected": self.rejected,
            "rejection_rate": round(self.rejected / judged, 4) if judged else None,
            "cycle_time": spread(self.cycles),
        }


def since(start: datetime, *, until: datetime) -> dict[str, Any]:
    """The statistics from `start` (inclusive) to `until` (exclusive). Times are in seconds; a quantile of nothing is
    null. `by_agent` counts for who did the work, `by_label` for the labels a task has now."""
    total, days = _Tally(), Counter[str]()
    by_agent: dict[str, _Tally] = defaultdict(_Tally)
    by_label: dict[str, _Tally] = defaultdict(_Tally)
    labels = _labels(start, until)
    for event in _events(start, until):
        tallies = [total, *(by_label[label] for label in labels.get(event.task_id, ()))]
        if event.worker:
            tallies.append(by_agent[event.worker])
        for tally in tallies:
            _count(tally, event)
        if event.kind in _DONE:
            days[event.at.date().isoformat()] += 1
    return {
        "since": start,
        "until": until,
        **total.shown(),
        "review_time": spread(_review_times(start, until)),
        "throughput": [{"day": day, "done": count} for day, count in sorted(days.items())],
        "by_agent": [{"agent": name, **tally.shown()} for name, tally in _most(by_agent)],
        "agents_left_out": max(0, len(by_agent) - SHOWN),
        "by_label": [{"label": name, **tally.shown()} for name, tally in _most(by_label)],
        "labels_left_out": max(0, len(by_label) - SHOWN),
    }


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


def _most(tallies: dict[str, _Tally]) -> list[tuple[str, _Tally]]:
    """The SHOWN with the most, by name."""
    most = heapq.nlargest(SHOWN, tallies.items(), key=lambda item: item[1].done + item[1].rejected)
    return sorted(most, key=lambda item: item[0])


def _events(start: datetime, until: datetime) -> Iterator[_Event]:
    period = [connection.ops.adapt_datetimefield_value(at) for at in (start, until)]
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS.format(worker=_WORKER[connection.vendor]), period)
        for kind, at, task_id, worker, begun in cursor:
            yield _Event(kind, times.aware(at), task_id, worker, times.aware(begun) if begun else None)


def _labels(start: datetime, until: datetime) -> dict[int, list[str]]:
    """The labels of every task that was finished or rejected in the period."""
    found: dict[int, list[str]] = defaultdict(list)
    moved = Event.objects.filter(kind__in=[*_DONE, "task.rejected"], at__gte=start, at__lt=until)
    for task_id, label in TaskLabel.objects.filter(task__in=moved.values("task")).values_list(
        "task", "label"
    ):
        found[task_id].append(label)
    return found


def _count(tally: _Tally, event: _Event) -> None:
    if event.kind == "task.rejected":
        tally.rejected += 1
        return
    tally.done += 1
    tally.overridden += event.kind == "task.overridden"
    if event.begun:
        tally.cycles.append((event.at - event.begun).total_seconds())


def _review_times(start: datetime, until: datetime) -> list[float]:
    handed_in = Submission.objects.filter(pk=OuterRef("submission_id")).values("created_at")
    judged = Review.objects.filter(created_at__gte=start, created_at__lt=until)
    both = judged.annotate(begun=Subquery(handed_in)).values_list("begun", "created_at")
    return [(ended - begun).total_seconds() for begun, ended in both]
