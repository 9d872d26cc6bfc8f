"""Labels: which task carries which, to be read; they are changed with their task."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import PartOfATask
from tasks.models import TaskLabel


@admin.register(TaskLabel)
class TaskLabelAdmin(PartOfATask):
    """Found by task or label."""

    filled_by = "Labels are given on the page of a task."
    list_display = ["id", "label", "of_task", "in_pool"]
    search_help_text = "A task, such as T-12, or a whole label."
    fields = ["task", "label", "in_pool", "lane", "priority", "created_at"]

    def search(self, queryset: QuerySet[TaskLabel], term: str) -> QuerySet[TaskLabel]:
        return queryset.filter(label=term)

    @admin.display(description="Task")
    def of_task(self, label: TaskLabel) -> SafeString | str:
        """Its task."""
        return showing.task_link(label.task_id)
