"""Done criteria: of every version, to be read; they are changed with their task."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import PartOfATask
from tasks.models import Criterion


@admin.register(Criterion)
class CriterionAdmin(PartOfATask):
    """Found by task."""

    filled_by = "Criteria are written with their task, and amended on its page."
    list_display = ["id", "of_task", "version", "number", "text"]
    fields = ["task", "version", "number", "text"]

    @admin.display(description="Task")
    def of_task(self, criterion: Criterion) -> SafeString | str:
        """Its task."""
        return showing.task_link(criterion.task_id)
