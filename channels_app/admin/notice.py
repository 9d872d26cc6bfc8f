"""Notices: what was put into inboxes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from channels_app.models import Notice
from tasks.admin import showing
from tasks.admin.listing import ReadOnly
from tasks.models import Agent


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """Newest first; found by the name of the agent whose inbox it is."""

    filled_by = "Mentions, reviews to do and news of its tasks are put into the inbox of an agent."
    change_form_template = "admin/tasks/change_form.html"
    list_display = ["id", "to", "number", "kind", "sender", "text", "of_task", "ago"]
    list_select_related = ["inbox__agent", "by"]
    search_fields = ["inbox"]
    search_help_text = "The name of the agent."
    fields = ["inbox", "number", "kind", "by", "text", "task", "message", "comment", "created_at"]

    def get_ordering(self, request: HttpRequest) -> Any:
        # In an inbox the numbers have the index, and the same order.
        return ["-number"] if request.GET.get("q", "").strip() else ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        name = search_term.strip().removeprefix("@").lower()
        if not name:
            return queryset, False
        agent = Agent.objects.filter(name=name).values_list("pk", flat=True).first()
        return (queryset.filter(inbox=agent) if agent else queryset.none()), False

    @admin.display(description="To")
    def to(self, notice: Notice) -> SafeString | str:
        """Whose inbox it is in."""
        return showing.agent_link(notice.inbox.agent)

    @admin.display(description="By")
    def sender(self, notice: Notice) -> SafeString | str:
        """Who said it."""
        return showing.agent_link(notice.by) or "system"

    @admin.display(description="Task")
    def of_task(self, notice: Notice) -> SafeString | str:
        """What it is about."""
        return showing.task_link(notice.task_id)

    @admin.display(description="Ago")
    def ago(self, notice: Notice) -> SafeString | str:
        """How long ago it was put there."""
        return showing.age(notice.created_at, now=timezone.now())
