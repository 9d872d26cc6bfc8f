"""An operator at the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def boss(db: None) -> User:
    """A superuser; without a password, because hashing one takes longer than a test."""
    return User.objects.create(username="Boss", is_staff=True, is_superuser=True)


@pytest.fixture
def operator(boss: User) -> Client:
    """The browser of a signed-in superuser."""
    client = Client()
    client.force_login(boss)
    return client
