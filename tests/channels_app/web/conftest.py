"""A person at the pages of the conversation."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tasks.models import Agent


@pytest.fixture
def person(olga: Agent) -> Client:
    """The browser of the human olga, who was seen just now."""
    user = get_user_model().objects.create(username="olga")
    Agent.objects.filter(pk=olga.pk).update(user=user, last_seen_at=timezone.now())
    client = Client()
    client.force_login(user)
    return client
