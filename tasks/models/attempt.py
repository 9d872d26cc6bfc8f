"""Attempts: one claim of a task each, from the lease to its end."""

from django.db import models
from django.db.models import Q

from tasks.models.agent import Agent
from tasks.models.task import Task


class Attempt(models.Model):
    """Who held the lease `token` of a task, from when to when, and how it ended (null: it has not).

    The agents in a task's attempts are its workers.
    """

    class Outcome(models.TextChoices):
        SUBMITTED = "submitted"
        HANDED_OFF = "handed_off"
        BLOCKED = "blocked"
        RELEASED = "released"
        RECLAIMED = "reclaimed"
        CANCELLED = "cancelled"
        AMENDED = "amended"
        OVERRIDDEN = "overridden"
        GIVEN_UP = "given_up"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="attempt_set", db_index=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    token = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["agent", "id"], name="attempt_by_agent"),
            # Partial, so that a claim, which begins one, does not pay for it.
            models.Index(fields=["ended_at"], name="attempt_by_end", condition=Q(ended_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["task", "token"], name="attempt_token_is_issued_once"),
            models.UniqueConstraint(
                fields=["task"], name="attempt_is_the_only_open_one", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome__isnull=True)
                | Q(ended_at__isnull=False, outcome__isnull=False),
                name="attempt_ends_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"T-{self.task_id} by {self.agent_id}, token {self.token}"
