"""Lists of tasks: filtered, newest first, in pages that stay put while tasks are added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tasks.models import Agent, Project, Status, Task
from tasks.queries import references, search


def page(*, limit: int, before: int | None, now: datetime, **filters: Any) -> tuple[list[Task], int | None]:
    """Up to `limit` tasks with ids below `before`, and the `before` of the next page (None: there is none).

    `filters`: `status`, `priority` (a list each), `assignee`, `reviewer`, `project`, `label` (names), `q` (words),
    `stale`, `ready`, `asks_human` (booleans). The tasks come with what a list shows, in a fixed number of queries.
    """
    tasks = _filtered(Task.objects.order_by("-pk"), now=now, **filters)
    if before is not None:
        tasks = tasks.filter(pk__lt=before)
    related = tasks.select_related("assignee", "reviewer", "project").prefetch_related("labels")
    rows = list(related.defer("description", "origin")[: limit + 1])
    return rows[:limit], (rows[limit - 1].pk if len(rows) > limit else None)


def _filtered(tasks: QuerySet[Task], *, now: datetime, **filters: Any) -> QuerySet[Task]:
    if statuses := filters.get("status"):
        tasks = tasks.filter(status__in=statuses)
    if priorities := filters.get("priority"):
        tasks = tasks.filter(priority__in=priorities)
    for name, model in (("assignee", Agent), ("reviewer", Agent), ("project", Project)):
        if value := filters.get(name):
            # By id and not through a join, so that the list's index gives the order too.
            found = model._default_manager.filter(name=value).values_list("pk", flat=True).first()
            tasks = tasks.filter(**{name: found}) if found else tasks.none()
    if label := filters.get("label"):
        tasks = tasks.filter(labels__label=label)
    if (stale := filters.get("stale")) is not None:
        tasks = _split(tasks, stale, Q(status=Status.DOING, stale_at__lte=now))
    if (asks := filters.get("asks_human")) is not None:
        tasks = _split(tasks, asks, ~Q(asks_human=""))
    if (ready := filters.get("ready")) is not None:
        tasks = _split(tasks, ready, _ready(now, reserved_too=bool(filters.get("assignee"))))
    if (text := filters.get("q")) is not None:
        task_id = references.task_id(text.strip()) if text.strip()[:2].upper() == "T-" else None
        tasks = tasks.filter(pk=task_id) if task_id else search.matching(tasks, text)
    return tasks


def _ready(now: datetime, *, reserved_too: bool) -> Q:
    """The queue is put right by whoever asks for work (`tasks.domain.due`); a list shows what is due without that.

    One arm for each of the partial indexes.
    """
    unreserved = Q() if reserved_too else Q(assignee=None)
    else_ready = Q(status=Status.TODO, open_blockers=0, criteria_count__gt=0)
    deferred = Q(deferred=True, not_before__lte=now)
    return (
        (Q(claimable=True) & unreserved)
        | (deferred & else_ready & unreserved)
        | (Q(reserved_until__lte=now) & else_ready & (Q(deferred=False) | deferred))
    )


def _split(tasks: QuerySet[Task], wanted: bool, condition: Q) -> QuerySet[Task]:
    return tasks.filter(condition) if wanted else tasks.exclude(condition)
