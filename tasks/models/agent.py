"""Agents: anyone who acts on the board, an AI agent or a human."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class Agent(models.Model):
    """One name that acts. `wip_limit` null means the server's default, `paused_until` in the past means not paused.

    `gone_at` is when the board noticed that it is offline; null once it has noticed that it is back.
    """

    class Kind(models.TextChoices):
        AGENT = "agent"
        HUMAN = "human"

    class Said(models.TextChoices):
        """What an agent may say of itself in a heartbeat; presence is worked out from it and from what it holds."""

        WORKING = "working"
        REVIEWING = "reviewing"
        IDLE = "idle"
        BLOCKED = "blocked"

    name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.AGENT)
    role = models.CharField(max_length=60, blank=True, default="")
    skills = models.JSONField(default=list, blank=True)
    wip_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    said_status = models.CharField(max_length=9, choices=Said, blank=True, default="")
    said_note = models.CharField(max_length=300, blank=True, default="")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="agent"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(name=Lower("name")), name="agent_name_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["agent", "human"]), name="agent_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(wip_limit__isnull=True) | models.Q(wip_limit__gte=1),
                name="agent_wip_limit_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name
