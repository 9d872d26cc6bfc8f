"""Events: the history of the board. It can be neither changed nor deleted, here or anywhere."""

from __future__ import annotations

from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString

from tasks.admin import newest, showing
from tasks.admin.listing import PartOfATask
from tasks.models import Event


@admin.register(Event)
class EventAdmin(PartOfATask):
    """Newest first; found by task, filtered by kind."""

    filled_by = "Everything that happens on the board is an event; the first task that is written makes one."
    list_display = ["id", "kind", "of_task", "by", "ago", "says"]
    list_filter = [newest.EventKind]
    list_select_related = ["agent"]
    fields = ["id", "kind", "at", "task", "agent", "data"]

    @admin.display(description="Task")
    def of_task(self, event: Event) -> SafeString | str:
        """Its task."""
        return showing.task_link(event.task_id)

    @admin.display(description="By")
    def by(self, event: Event) -> SafeString | str:
        """Who did it."""
        return showing.agent_link(event.agent) or "system"

    @admin.display(description="Ago")
    def ago(self, event: Event) -> SafeString | str:
        """How long ago it happened."""
        return showing.age(event.at, now=timezone.now())

    @admin.display(description="Data")
    def says(self, event: Event) -> str:
        """The beginning of its data."""
        return showing.data(event.data)
