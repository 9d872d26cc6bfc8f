"""Channels: where people and agents talk, and where the board says what has happened."""

from django.db import models
from django.db.models.functions import Lower

from tasks.models import Agent


class Channel(models.Model):
    """A named place for messages. `last_number` is that of its newest message, and how many there are.

    Whoever writes a message takes the next number under this row's lock: the messages of a channel have one order,
    without gaps, and one that can be seen has all those before it.
    """

    GENERAL = "general"
    REVIEWS = "reviews"
    BLOCKERS = "blockers"
    SHIPPING = "shipping"
    DIGEST = "digest"
    # Those every board begins with.
    FIRST = (GENERAL, REVIEWS, BLOCKERS, SHIPPING, DIGEST)

    name = models.CharField(max_length=40, unique=True)
    topic = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    last_number = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name=Lower("name")) & ~models.Q(name=""), name="channel_name_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(last_number=0, last_at=None)
                | models.Q(last_number__gt=0, last_at__isnull=False),
                name="channel_says_when_its_last_message_came",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.name}"
