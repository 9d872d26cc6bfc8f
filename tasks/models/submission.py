"""Submissions: what a worker hands in, and the evidence for each criterion."""

from django.db import models

from tasks.models.agent import Agent
from tasks.models.criterion import Criterion
from tasks.models.task import Task


class Submission(models.Model):
    """One hand-in of a task, numbered per task. Only the newest one that is not voided can be judged."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="submissions", db_index=False)
    number = models.PositiveIntegerField()
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="submissions")
    criteria_version = models.PositiveSmallIntegerField()
    summary = models.TextField()
    caveats = models.TextField(blank=True, default="")
    artifacts = models.JSONField(default=list)
    created_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="submission_number_is_unique"),
            models.CheckConstraint(condition=~models.Q(summary=""), name="submission_says_something"),
        ]

    def __str__(self) -> str:
        return f"submission {self.number} of T-{self.task_id}"


class Evidence(models.Model):
    """Why the worker believes that one criterion is met."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="evidence", db_index=False
    )
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "criterion"], name="evidence_is_given_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="evidence_says_something"),
        ]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.text
