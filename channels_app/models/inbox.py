"""Inboxes: how much was put into an agent's, and how much of that it has read."""

from django.db import models

from tasks.models import Agent


class Inbox(models.Model):
    """The counters of an agent's inbox, from when something was put into it; what is unread is their difference.

    A row of its own: a claim locks the agent's row, and whoever writes to an agent must not wait for its claims.
    """

    agent = models.OneToOneField(Agent, primary_key=True, on_delete=models.PROTECT, related_name="inbox")
    last_number = models.PositiveBigIntegerField(default=0)
    read_up_to = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "inboxes"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(read_up_to__lte=models.F("last_number")),
                name="inbox_is_read_as_far_as_it_goes",
            )
        ]

    def __str__(self) -> str:
        return f"inbox of agent {self.pk}"
