"""Viewers: the person who looks at a page, and its human agent. `tasks.operators` has who acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tasks.models import Agent


def signed_in(request: HttpRequest) -> bool:
    """Whether somebody is; a page outside of the session's paths (`agentboard.pages`) has nobody."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def viewer(request: HttpRequest) -> Agent | None:
    """The human agent of the person who looks; None for a stranger, and for a person who has not acted yet."""
    if not hasattr(request, "_viewer"):
        user_id = request.user.pk if signed_in(request) else None
        found = Agent.objects.filter(user_id=user_id).first() if user_id is not None else None
        request._viewer = found  # type: ignore[attr-defined]
    return request._viewer  # type: ignore[attr-defined, no-any-return]


def may_read(request: HttpRequest) -> bool:
    """Whether the page may be shown: to everybody where the API believes everybody, else to who is signed in."""
    return settings.AUTH == "open" or signed_in(request)


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template knows of the one who looks."""
    if not signed_in(request):
        return {"signed_in": False}
    agent = viewer(request)
    return {
        "signed_in": True,
        "viewer": agent,
        "viewer_name": agent.name if agent else request.user.get_username(),
    }
