"""Filters of the task list; each is answered by an index, none lists a whole table to choose from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tasks.admin.task_form import PRIORITIES
from tasks.models import DoneVia, Project, Status, Task

_PROJECTS_SHOWN = 50

_STANDINGS = {
    "ready": Q(claimable=True, assignee=None),
    "reserved": Q(status=Status.TODO, assignee__isnull=False),
    "waiting": Q(status=Status.TODO, open_blockers__gt=0),
    "deferred": Q(deferred=True, not_before__isnull=False),
    "without-criteria": Q(status=Status.TODO, criteria_count=0),
    "waiting-for-review": Q(status=Status.VALIDATING),
    "asks-a-human": ~Q(asks_human=""),
    "overridden": Q(status=Status.DONE, done_via=DoneVia.OVERRIDE),
}
# What depends on the time.
_DUE: dict[str, Callable[[datetime], Q]] = {
    "stale": lambda now: Q(status=Status.DOING, stale_at__lte=now),
    "review-overdue": lambda now: Q(status=Status.VALIDATING, review_until__lte=now),
}


class Standing(admin.SimpleListFilter):
    """What a status does not say: whether a task can be had, is stale, waits too long, or wants a person."""

    title = "standing"
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The standings there are."""
        return [(name, name.replace("-", " ")) for name in [*_DUE, *_STANDINGS]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        """The tasks that stand so now."""
        chosen = self.value() or ""
        due = _DUE.get(chosen)
        return queryset.filter(due(timezone.now()) if due else _STANDINGS.get(chosen, Q()))


class Priority(admin.SimpleListFilter):
    """P0 to P3."""

    title = "priority"
    parameter_name = "priority"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """The priorities there are."""
        return list(PRIORITIES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        """The tasks of that priority."""
        known = {str(number): number for number, _ in PRIORITIES}
        chosen = known.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(priority=chosen)


class OfProject(admin.SimpleListFilter):
    """The first 50 projects by name, and the one that is chosen."""

    title = "project"
    parameter_name = "project"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Projects by name."""
        names = list(Project.objects.order_by("name").values_list("name", flat=True)[:_PROJECTS_SHOWN])
        chosen = request.GET.get(self.parameter_name)
        return [(name, name) for name in names + [chosen] * (chosen not in names) if name]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        """The tasks of that project: by id and not through a join, so that the list's index gives the order too."""
        if not self.value():
            return queryset
        found = Project.objects.filter(name=self.value()).values_list("pk", flat=True).first()
        return queryset.filter(project=found) if found else queryset.none()
