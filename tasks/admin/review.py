"""Reviews, verdicts and overrides: to be read; nobody, the admin included, sets `done` by hand."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import PartOfATask, ReadOnly
from tasks.models import Override, Review, Verdict


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    """Who judged which submission, and how."""

    list_display = ["id", "of_task", "submission", "by", "judgement", "created_at"]
    list_select_related = ["submission", "reviewer"]
    fields = ["submission", "reviewer", "judgement", "comment", "created_at"]

    @admin.display(description="Task")
    def of_task(self, review: Review) -> SafeString | str:
        """Its task."""
        return showing.task_link(review.submission.task_id)

    @admin.display(description="By")
    def by(self, review: Review) -> SafeString | str:
        """The reviewer."""
        return showing.agent_link(review.reviewer)


@admin.register(Verdict)
class VerdictAdmin(ReadOnly):
    """Whether one criterion of one submission is met, and why."""

    list_display = ["id", "review", "criterion", "met", "note"]
    list_select_related = ["review", "criterion"]
    fields = ["review", "criterion", "met", "note"]


@admin.register(Override)
class OverrideAdmin(PartOfATask):
    """Tasks that a human closed without an approval, and why."""

    list_display = ["id", "of_task", "by", "reason", "created_at"]
    list_select_related = ["human"]
    fields = ["task", "human", "reason", "created_at"]

    @admin.display(description="Task")
    def of_task(self, override: Override) -> SafeString | str:
        """The task."""
        return showing.task_link(override.task_id)

    @admin.display(description="By")
    def by(self, override: Override) -> SafeString | str:
        """The human."""
        return showing.agent_link(override.human)
