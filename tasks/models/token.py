"""Tokens: what a program shows to act as an agent."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from tasks.models.agent import Agent


class Token(models.Model):
    """A token of one agent, `ab_{prefix}_{secret}`. The whole of it is nowhere; `secret_hash` is its SHA-256.

    `created_by` null: made where the board runs. `expires_at` null: good until it is revoked. It belongs to this
    server, not to the board: exports leave it out.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="tokens")
    prefix = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    label = models.CharField(max_length=60, blank=True, default="")
    created_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(secret_hash=""), name="token_has_a_hash"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
                name="token_lives_a_while",
            ),
        ]

    def state(self, *, now: datetime) -> str:
        """`good` while it lets somebody in, else `revoked` or `expired`."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= now else "good"

    def __str__(self) -> str:
        return f"ab_{self.prefix}_…"
