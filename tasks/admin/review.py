"""Reviews, verdicts and overrides: to be read; nobody, the admin included, sets `done` by hand."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import PartOfATask
from tasks.models import Override, Review, Verdict


@admin.register(Review)
class ReviewAdmin(PartOfATask):
    """Who judged which submission, and how."""

    filled_by = "A reviewer judges what was handed in, by a call or on the page of the task."
    task_path = "submission__task_id"
    list_display = ["id", "of_task", "of_submission", "by", "judgement", "created_at"]
    list_select_related = ["submission", "reviewer"]
    fields = ["submission", "reviewer", "judgement", "comment", "created_at"]

    @admin.display(description="Task")
    def of_task(self, review: Review) -> SafeString | str:
        """Its task."""
        return showing.task_link(review.submission.task_id)

    @admin.display(description="Submission")
    def of_submission(self, review: Review) -> SafeString:
        """What was judged."""
        return showing.row_link(review.submission, f"No. {review.submission.number}")

    @admin.display(description="By")
    def by(self, review: Review) -> SafeString | str:
        """The reviewer."""
        return showing.agent_link(review.reviewer)


@admin.register(Verdict)
class VerdictAdmin(PartOfATask):
    """Whether one criterion of one submission is met, and why."""

    filled_by = "A review holds a verdict on each criterion."
    task_path = "review__submission__task_id"
    list_display = ["id", "of_task", "in_review", "criterion", "met", "note"]
    list_select_related = ["review", "criterion"]
    fields = ["review", "criterion", "met", "note"]

    @admin.display(description="Task")
    def of_task(self, verdict: Verdict) -> SafeString | str:
        """The task of the criterion."""
        return showing.task_link(verdict.criterion.task_id)

    @admin.display(description="Review")
    def in_review(self, verdict: Verdict) -> SafeString:
        """The review it is part of."""
        return showing.row_link(verdict.review, verdict.review.judgement)


@admin.register(Override)
class OverrideAdmin(PartOfATask):
    """Tasks that a human closed without an approval, and why."""

    filled_by = "A task that a person closes without an approval is listed here for good."
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
