"""Handoffs: what the one who stops tells the one who goes on, and that it was read."""

from django.db import models
from django.db.models import Q

from tasks.models.agent import Agent
from tasks.models.task import Task


class Handoff(models.Model):
    """One passing on of a task, numbered per task; `by` null is the board itself, `to` null is whoever comes.

    The newest one of a task is open until its next holder has read it back. Nothing of it is changed but that.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="handoffs", db_index=False)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    to = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    done = models.TextField()
    pending = models.TextField()
    gotchas = models.TextField()
    created_at = models.DateTimeField()
    read_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)
    readback = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="handoff_number_is_unique"),
            models.CheckConstraint(
                condition=~Q(done="") & ~Q(pending="") & ~Q(gotchas=""), name="handoff_says_all_three"
            ),
            models.CheckConstraint(
                condition=Q(read_by__isnull=True, read_at__isnull=True, readback="")
                | (Q(read_by__isnull=False, read_at__isnull=False) & ~Q(readback="")),
                name="handoff_is_read_back_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"handoff {self.number} of T-{self.task_id}"
