"""A person at the pages: signed in as a user whose agent is olga."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tasks.models import Agent


def signed_in(agent: Agent, **options: Any) -> Client:
    """The browser of the person behind a human agent, which was seen just now: acting writes no sign of life."""
    user, _ = get_user_model().objects.get_or_create(username=agent.name)
    Agent.objects.filter(pk=agent.pk).update(user=user, last_seen_at=timezone.now())
    client = Client(**options)
    client.force_login(user)
    return client
