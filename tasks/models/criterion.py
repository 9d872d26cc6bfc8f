"""Done criteria: what must be true for a task to be done, written before the work."""

from django.db import models

from tasks.models.task import Task


class Criterion(models.Model):
    """One line of one version of a task's list. Frozen at the first claim: the database refuses later changes."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="criteria", db_index=False)
    version = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "version", "number"], name="criterion_number_is_unique"),
            models.CheckConstraint(condition=~models.Q(text=""), name="criterion_says_something"),
        ]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.text
