"""Operators: who acts when somebody signed in uses a page or the admin."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from tasks.domain import people
from tasks.models import Agent


def acting(request: HttpRequest, *, now: datetime) -> Agent:
    """The human agent of the signed-in person, made on its first action."""
    user = request.user
    assert user.pk is not None  # Neither door lets anybody act who is not signed in.
    return people.acting_as(user.pk, username=user.get_username(), now=now)
