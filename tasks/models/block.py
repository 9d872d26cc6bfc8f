"""Blocks: why a task cannot go on, and what became of that."""

from django.db import models
from django.db.models import Q

from tasks.models.agent import Agent
from tasks.models.task import Task


class Block(models.Model):
    """One stop of a task, numbered per task; open until the task leaves `blocked`.

    `by` null is the board itself. With `waits` it ends by itself once nothing the task depends on is unfinished.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="blocks", db_index=False)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    needs = models.TextField()
    waits = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    resolution = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="block_number_is_unique"),
            models.UniqueConstraint(
                fields=["task"], name="block_is_the_only_open_one", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(needs=""), name="block_says_what_it_needs"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, resolution="")
                | (Q(ended_at__isnull=False) & ~Q(resolution="")),
                name="block_ends_with_a_resolution",
            ),
        ]

    def __str__(self) -> str:
        return f"block {self.number} of T-{self.task_id}"
