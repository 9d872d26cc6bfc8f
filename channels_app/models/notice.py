"""Notices: what was put into an agent's inbox."""

from django.db import models

from channels_app.models.inbox import Inbox
from channels_app.models.message import Message
from tasks.models import Agent, Comment, Task


class Notice(models.Model):
    """One thing that concerns an agent, numbered from 1 in its inbox. Never edited or deleted: the database refuses.

    `by` null is the board itself. `text` is the beginning of what was said; the whole of it is in the message or the
    comment, where there is one, or in the log of the task.
    """

    class Kind(models.TextChoices):
        MENTION = "mention"
        REVIEW_REQUEST = "review_request"
        HANDOFF = "handoff"
        REJECTION = "rejection"
        UNBLOCK = "unblock"
        STALE = "stale"  # a task it holds and has written nothing about
        LOST = "lost"  # the lease of a task it held

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="notices", db_index=False)
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=14, choices=Kind)
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "number"], name="notice_number_is_unique"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        *("mention", "review_request", "handoff", "rejection", "unblock", "stale", "lost")
                    ]
                ),
                name="notice_kind_is_known",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="notice_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
