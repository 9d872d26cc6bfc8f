"""Lanes: the queues that together are the ready queue, to be read."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import ReadOnly
from tasks.models import Lane


@admin.register(Lane)
class LaneAdmin(ReadOnly):
    """What decides who may be given a task."""

    filled_by = "The first task of a project, or with other skills or another reviewer, makes a lane."
    list_display = ["id", "project", "shown_skills", "reviewed_by"]
    list_select_related = ["project", "reviewer"]
    search_fields = ["project__name", "reviewer__name"]
    search_help_text = "A project or a reviewer."
    fields = ["project", "skills", "reviewer", "key"]

    @admin.display(description="Required skills")
    def shown_skills(self, lane: Lane) -> str:
        """What an agent needs."""
        return ", ".join(lane.skills)

    @admin.display(description="Reviewer")
    def reviewed_by(self, lane: Lane) -> SafeString | str:
        """Who is given none of these tasks."""
        return showing.agent_link(lane.reviewer)
