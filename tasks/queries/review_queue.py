"""The review queue: which submission an agent is given to judge, and what waits for whom."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from tasks.models import Agent, Attempt, Status, Task


def lock_next(agent: Agent, *, now: datetime) -> Task | None:
    """The oldest submission the agent may judge, the ones it is the reviewer of first, its task's row locked."""
    own = _first(Task.objects.filter(reviewer=agent))
    if own:
        return own
    others = Task.objects.filter(~Exists(Attempt.objects.filter(task=OuterRef("pk"), agent=agent)))
    unassigned = _first(others.filter(reviewer=None))
    overdue = _first(others.filter(review_until__lte=now).exclude(reviewer__kind=Agent.Kind.HUMAN))
    found = [task for task in (unassigned, overdue) if task]
    return min(found, key=lambda task: (task.status_since, task.pk), default=None)


def waiting(*, reviewer: Agent | None, limit: int, after: int = 0) -> list[Task]:
    """Up to `limit` + 1 tasks that wait for a review (by `reviewer`, if given), oldest task first, from id `after`."""
    tasks = Task.objects.filter(status=Status.VALIDATING, pk__gt=after).order_by("pk")
    if reviewer:
        tasks = tasks.filter(reviewer=reviewer)
    return list(tasks.select_related("reviewer", "assignee").defer("description", "origin")[: limit + 1])


def _first(tasks: QuerySet[Task]) -> Task | None:
    # Without what it refers to: PostgreSQL would join those rows as they were before the lock.
    rows = tasks.filter(status=Status.VALIDATING).order_by("status_since", "pk")
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
