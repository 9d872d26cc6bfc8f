"""Events: the append-only history of the board, one row per change, in the past tense (`task.claimed`)."""

from django.db import models

from tasks.models.agent import Agent
from tasks.models.task import Task


class Event(models.Model):
    """What happened, to which task, by whom (null: the board itself). Never changed or deleted."""

    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="events", db_index=False)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["task", "id"], name="event_by_task"),
            models.Index(fields=["kind", "at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
