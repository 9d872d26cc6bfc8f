"""Comments: the log of a task. If it is not written to the task, it does not exist."""

from django.db import models

from tasks.models.agent import Agent
from tasks.models.task import Task


class Comment(models.Model):
    """One entry of the log; `author` null is the board itself. Never edited or deleted: the database refuses."""

    class Kind(models.TextChoices):
        NOTE = "note"
        TRIED = "tried"
        FAILED = "failed"
        PENDING = "pending"
        DECISION = "decision"
        QUESTION = "question"
        MOVE = "move"  # written with a transition that carries words; not to be had by asking

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="comments", db_index=False)
    author = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="comments", db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NOTE)
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["task", "id"], name="comment_by_task"),
            # Not beginning with the task: it would pass for the one above, and a log read by it has to be sorted.
            models.Index(fields=["kind", "task", "id"], name="comment_by_kind"),
        ]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return self.text
