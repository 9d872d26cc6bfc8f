"""Dependencies: which task waits for which."""

from django.db import models
from django.db.models import F, Q

from tasks.models.task import Task


class Dependency(models.Model):
    """`task` is not ready before `depends_on` is finished. The database refuses an edge that closes a cycle."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="dependencies", db_index=False)
    depends_on = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="dependents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "depends_on"], name="dependency_is_unique"),
            models.CheckConstraint(condition=~Q(task=F("depends_on")), name="dependency_is_on_another_task"),
        ]
        verbose_name_plural = "dependencies"

    def __str__(self) -> str:
        return f"T-{self.task_id} waits for T-{self.depends_on_id}"
