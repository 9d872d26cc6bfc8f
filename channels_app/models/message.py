"""Messages: what was said in a channel, in the one order that everybody sees."""

from django.db import models

from channels_app.models.channel import Channel
from tasks.models import Agent, Task


class Message(models.Model):
    """One message, as Markdown. Never edited or deleted: the database refuses.

    `number` counts from 1 in its channel; `reply_to` and `thread` are such numbers: the message it answers, and the one
    that its thread began with (itself, if it answers none). `author` null is the board itself; `event` is the kind of
    the event that the board made the message from, null for what somebody wrote. `mentions` are the names in it
    that are an agent's.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="messages", db_index=False)
    number = models.PositiveBigIntegerField()
    author = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    text = models.TextField()
    reply_to = models.PositiveBigIntegerField(null=True, blank=True)
    thread = models.PositiveBigIntegerField()
    task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    event = models.CharField(max_length=40, null=True, blank=True)
    mentions = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["channel", "thread", "number"], name="message_by_thread"),
            models.Index(
                fields=["task", "id"], name="message_by_task", condition=models.Q(task__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "number"], name="message_number_is_unique"),
            models.CheckConstraint(condition=~models.Q(text=""), name="message_says_something"),
            models.CheckConstraint(
                condition=models.Q(reply_to=None, thread=models.F("number"))
                | models.Q(
                    reply_to__isnull=False,
                    reply_to__lt=models.F("number"),
                    thread__lte=models.F("reply_to"),
                ),
                name="message_answers_an_earlier_one",
            ),
        ]

    def __str__(self) -> str:
        return self.text
