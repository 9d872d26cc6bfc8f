"""Labels of tasks, indexed so that `next?label=` is as cheap as `next`."""

from django.db import models
from django.db.models import Q

from tasks.models.lane import Lane
from tasks.models.task import Task


class TaskLabel(models.Model):
    """One label of one task.

    `in_pool`, `lane`, `priority` and `created_at` repeat the task's place in the queue; the database keeps them
    (trigger `tasklabel_follows_task`), no code writes them.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="labels", db_index=False)
    label = models.CharField(max_length=100)
    in_pool = models.BooleanField(default=False, editable=False)
    lane = models.ForeignKey(
        Lane,
        null=True,
        editable=False,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    priority = models.PositiveSmallIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "label"], name="tasklabel_is_unique")]
        indexes = [
            models.Index(fields=["label", "task"], name="tasklabel_by_label"),
            models.Index(
                fields=["label", "lane", "priority", "created_at", "task"],
                name="tasklabel_queue",
                condition=Q(in_pool=True),
            ),
        ]

    def __str__(self) -> str:
        return self.label
