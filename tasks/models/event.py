"""Events: the append-only history of the board, one row per change, in the past tense (`task.claimed`).

Ids are given before commit, so on PostgreSQL a reader that goes on after the last id it saw misses what slower writers
commit later. `seq` is the order that readers go by. On SQLite, which has one writer, a guard gives it as the row is
written; on PostgreSQL `tasks.domain.sequence` gives it to what has been committed, when somebody reads.
"""

from django.db import models

from tasks.models.agent import Agent
from tasks.models.task import Task


class Event(models.Model):
    """What happened, to which task, by whom (null: the board itself). Never changed or deleted.

    `seq` is null until it is given, once; it counts from 1 without gaps.
    """

    seq = models.BigIntegerField(null=True, editable=False)
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
        constraints = [
            models.UniqueConstraint(fields=["seq"], name="event_seq_is_given_once"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="event_seq_counts_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
