"""Dependencies: which task waits for which, to be read; they are changed with the task that waits."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import PartOfATask
from tasks.models import Dependency
from tasks.queries import references


@admin.register(Dependency)
class DependencyAdmin(PartOfATask):
    """Found by either of its tasks."""

    filled_by = "A task waits for those that its page names under depends on."
    list_display = ["id", "waits", "waits_for"]
    fields = ["task", "depends_on"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Dependency], search_term: str
    ) -> tuple[QuerySet[Dependency], bool]:
        task_id = references.task_id(search_term.strip())
        if task_id is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(Q(task_id=task_id) | Q(depends_on_id=task_id)), False

    @admin.display(description="Task")
    def waits(self, dependency: Dependency) -> SafeString | str:
        """The task that waits."""
        return showing.task_link(dependency.task_id)

    @admin.display(description="Waits for")
    def waits_for(self, dependency: Dependency) -> SafeString | str:
        """The task it waits for."""
        return showing.task_link(dependency.depends_on_id)
