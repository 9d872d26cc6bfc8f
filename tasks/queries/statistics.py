"""Statistics: throughput, cycle time, review time and rejections of a period, computed from what happened in it.

Every number is read through an index on time, so it costs what happened in the period and not what is on the board.
Quantiles interpolate linearly between the closest ranks (Hyndman and Fan 1996, definition 7).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Min

from tasks.models import Event, Review, TaskLabel

_DONE = {"task.approved": "approval", "task.overridden": "override"}


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
    events = _events(start, until)
    labels = _labels({event["task"] for event in events})
    for event in events:
        tallies = [total, *(by_label[label] for label in labels[event["task"]])]
        if event["data"].get("worker"):
            tallies.append(by_agent[event["data"]["worker"]])
        for tally in tallies:
            _count(tally, event)
        if event["kind"] in _DONE:
            days[event["at"].date().isoformat()] += 1
    return {
        "since": start,
        "until": until,
        **total.shown(),
        "review_time": spread(_review_times(start, until)),
        "throughput": [{"day": day, "done": count} for day, count in sorted(days.items())],
        "by_agent": [{"agent": name, **tally.shown()} for name, tally in sorted(by_agent.items())],
        "by_label": [{"label": name, **tally.shown()} for name, tally in sorted(by_label.items())],
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


def _events(start: datetime, until: datetime) -> list[Any]:
    # Claimed first, whatever attempt it was: that is when the work began.
    return list(
        Event.objects.filter(kind__in=[*_DONE, "task.rejected"], at__gte=start, at__lt=until)
        .order_by("at", "pk")
        .annotate(begun=Min("task__attempt_set__started_at"))
        .values("kind", "at", "task", "data", "begun")
    )


def _labels(task_ids: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for task_id, label in TaskLabel.objects.filter(task__in=task_ids).values_list("task", "label"):
        found[task_id].append(label)
    return found


def _count(tally: _Tally, event: Any) -> None:
    if event["kind"] == "task.rejected":
        tally.rejected += 1
        return
    tally.done += 1
    tally.overridden += event["kind"] == "task.overridden"
    if event["begun"]:
        tally.cycles.append((event["at"] - event["begun"]).total_seconds())


def _review_times(start: datetime, until: datetime) -> list[float]:
    judged = Review.objects.filter(created_at__gte=start, created_at__lt=until)
    return [
        (ended - begun).total_seconds()
        for begun, ended in judged.values_list("submission__created_at", "created_at")
    ]
