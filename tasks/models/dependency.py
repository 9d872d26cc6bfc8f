"""Dependencies: which task waits for which."""

from django.db import models
from django.db.models import F, Q

from tasks.models.block import Block
from tasks.models.task import Task


class Dependency(models.Model):
    """`task` is not ready before `depends_on` is finished. The database refuses an edge that closes a cycle.

    An edge that a block brought (`block`) goes with it, if the block is ended before the other task is.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="dependencies", db_index=False)
    depends_on = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="dependents")
    block = models.ForeignKey(
        Block, null=True, blank=True, on_delete=models.PROTECT, related_name="edges", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "depends_on"], name="dependency_is_unique"),
            models.CheckConstraint(condition=~Q(task=F("depends_on")), name="dependency_is_on_another_task"),
        ]
        verbose_name_plural = "dependencies"

    def __str__(self) -> str:
        return f"T-{self.task_id} waits for T-{self.depends_on_id}"
