"""The number in the header: how much the one who looks has not read, for every template that asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from channels_app.queries import unread
from tasks.web import viewers


def context(request: HttpRequest) -> dict[str, Any]:
    """`inbox_unread`: one query, made where a template shows it; parts of pages have no header and make none."""
    return {"inbox_unread": _count(request)}


def _count(request: HttpRequest) -> Callable[[], int]:
    def counted() -> int:
        agent = viewers.viewer(request)
        return unread.count(agent) if agent else 0

    return counted
