"""Submissions and their evidence: to be read; they come from the worker's call alone."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from tasks.admin import showing
from tasks.admin.listing import PartOfATask
from tasks.models import Evidence, Submission


@admin.register(Submission)
class SubmissionAdmin(PartOfATask):
    """Found by task."""

    filled_by = "A holder hands its work in with evidence for each criterion."
    list_display = ["id", "of_task", "number", "by", "created_at", "voided_at"]
    list_select_related = ["agent"]
    fields = [
        "task", "number", "agent", "criteria_version", "summary", "caveats", "artifacts", "created_at", "voided_at",
    ]  # fmt: skip

    @admin.display(description="Task")
    def of_task(self, submission: Submission) -> SafeString | str:
        """Its task."""
        return showing.task_link(submission.task_id)

    @admin.display(description="By")
    def by(self, submission: Submission) -> SafeString | str:
        """Who handed it in."""
        return showing.agent_link(submission.agent)


@admin.register(Evidence)
class EvidenceAdmin(PartOfATask):
    """Why a worker believes that a criterion is met."""

    filled_by = "A submission holds evidence for each criterion."
    task_path = "submission__task_id"
    list_display = ["id", "of_task", "in_submission", "criterion", "text"]
    list_select_related = ["submission", "criterion"]
    fields = ["submission", "criterion", "text"]

    @admin.display(description="Task")
    def of_task(self, evidence: Evidence) -> SafeString | str:
        """Its task."""
        return showing.task_link(evidence.submission.task_id)

    @admin.display(description="Submission")
    def in_submission(self, evidence: Evidence) -> SafeString:
        """The submission it is part of."""
        return showing.row_link(evidence.submission, f"No. {evidence.submission.number}")
