"""Inboxes: saying what has been read. Nothing is marked as read because it was listed."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Least

from channels_app.models import Inbox
from tasks.domain import transactions
from tasks.models import Agent


def read(agent: Agent, *, up_to: int) -> None:
    """Mark the notices up to this number as read: those there are, and never fewer than before."""
    with transactions.change():
        inbox = Inbox.objects.filter(agent=agent, read_up_to__lt=Least(up_to, F("last_number")))
        inbox.update(read_up_to=Least(up_to, F("last_number")))
