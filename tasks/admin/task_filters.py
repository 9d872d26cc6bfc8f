"""Filters of the task list; each is answered by an index, none lists a whole table to choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tasks.admin import standings
from tasks.admin.task_form import PRIORITIES
from tasks.models import Project, Task

_PROJECTS_SHOWN = 50


class Standing(admin.SimpleListFilter):
    """What a status does not say: whether a task can be had, is stale, waits too long, or wants a person."""

    title = "standing"
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The standings there are."""
        return [(name, name.replace("-", " ")) for name in standings.TASKS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        """The tasks that stand so now."""
        chosen = standings.TASKS.get(self.value() or "")
        return queryset.filter(chosen(timezone.now())) if chosen else queryset


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
