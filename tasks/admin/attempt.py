"""Attempts: who held which task, from when to when, and how it ended."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from tasks import durations
from tasks.admin import showing
from tasks.admin.listing import PartOfATask
from tasks.models import Agent, Attempt


class Ended(admin.SimpleListFilter):
    """Attempts that go on, and those that are over."""

    title = "end"
    parameter_name = "ended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Open or ended."""
        return [("no", "open"), ("yes", "ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Attempt]) -> QuerySet[Attempt]:
        """The attempts that are so."""
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(ended_at__isnull=self.value() == "no")


@admin.register(Attempt)
class AttemptAdmin(PartOfATask):
    """Found by task or agent; open or ended."""

    filled_by = "Every claim of a task begins an attempt."
    list_display = ["id", "of_task", "by", "token", "began", "held_for", "outcome"]
    list_filter = [Ended]
    list_select_related = ["agent"]
    search_help_text = "A task, such as T-12, or the name of an agent."
    fields = ["task", "agent", "token", "started_at", "ended_at", "outcome"]

    def search(self, queryset: QuerySet[Attempt], term: str) -> QuerySet[Attempt]:
        found = Agent.objects.filter(name=term.lower()).values_list("pk", flat=True).first()
        return queryset.filter(agent=found) if found else queryset.none()

    @admin.display(description="Task")
    def of_task(self, attempt: Attempt) -> SafeString | str:
        """Its task."""
        return showing.task_link(attempt.task_id)

    @admin.display(description="Agent")
    def by(self, attempt: Attempt) -> SafeString | str:
        """Who held it."""
        return showing.agent_link(attempt.agent)

    @admin.display(description="Began (ago)")
    def began(self, attempt: Attempt) -> SafeString | str:
        """How long ago it began."""
        return showing.age(attempt.started_at, now=timezone.now())

    @admin.display(description="Held for")
    def held_for(self, attempt: Attempt) -> str:
        """From its beginning to its end, or until now."""
        end = attempt.ended_at or timezone.now()
        return durations.coarse((end - attempt.started_at).total_seconds())
