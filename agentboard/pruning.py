"""Pruning: rows that the frameworks leave behind, and what was sent to webhooks. Nothing else of the board goes."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django_q.models import Failure

from tasks.domain import deliveries

# How long a failed job can be read in Django admin; of those that succeeded django-q keeps the newest by itself.
KEPT = timedelta(days=7)


def prune() -> int:
    """Remove sessions that have expired, deliveries and failures of jobs that are old; gives how many failures."""
    SessionStore.clear_expired()
    deliveries.prune(now=timezone.now())
    removed: int = Failure.objects.filter(stopped__lt=timezone.now() - KEPT).delete()[0]
    return removed
