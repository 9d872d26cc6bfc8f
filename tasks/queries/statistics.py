"""Statistics: throughput, cycle time, review time and rejections of a period, computed from what happened in it.

Every number is read through an index on time, so it costs what happened in the period and not what is on the board.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from tasks.models import Event, Review, Submission, TaskLabel
from tasks.queries import outcomes
from tasks.queries.outcomes import Tally


def since(start: datetime, *, until: datetime) -> dict[str, Any]:
    """The statistics from `start` (inclusive) to `until` (exclusive). Times are in seconds; a quantile of nothing is
    null. `by_agent` counts for who did the work, `by_label` for the labels a task has now."""
    total, days = Tally(), Counter[str]()
    by_agent: dict[str, Tally] = defaultdict(Tally)
    by_label: dict[str, Tally] = defaultdict(Tally)
    labels = _labels(start, until)
    for outcome in outcomes.between(start, until):
        tallies = [total, *(by_label[label] for label in labels.get(outcome.task_id, ()))]
        if outcome.worker:
            tallies.append(by_agent[outcome.worker])
        for tally in tallies:
            tally.count(outcome)
        if outcome.kind in outcomes.FINISHED:
            days[outcome.at.date().isoformat()] += 1
    return {
        "since": start,
        "until": until,
        **total.shown(),
        "review_time": outcomes.spread(_review_times(start, until)),
        "throughput": [{"day": day, "done": count} for day, count in sorted(days.items())],
        "by_agent": [{"agent": name, **tally.shown()} for name, tally in outcomes.most(by_agent)],
        "agents_left_out": max(0, len(by_agent) - outcomes.SHOWN),
        "by_label": [{"label": name, **tally.shown()} for name, tally in outcomes.most(by_label)],
        "labels_left_out": max(0, len(by_label) - outcomes.SHOWN),
    }


def _labels(start: datetime, until: datetime) -> dict[int, list[str]]:
    """The labels of every task that was finished or rejected in the period."""
    found: dict[int, list[str]] = defaultdict(list)
    moved = Event.objects.filter(kind__in=outcomes.KINDS, at__gte=start, at__lt=until)
    for task_id, label in TaskLabel.objects.filter(task__in=moved.values("task")).values_list(
        "task", "label"
    ):
        found[task_id].append(label)
    return found


def _review_times(start: datetime, until: datetime) -> list[float]:
    handed_in = Submission.objects.filter(pk=OuterRef("submission_id")).values("created_at")
    judged = Review.objects.filter(created_at__gte=start, created_at__lt=until)
    both = judged.annotate(begun=Subquery(handed_in)).values_list("begun", "created_at")
    return [(ended - begun).total_seconds() for begun, ended in both]
