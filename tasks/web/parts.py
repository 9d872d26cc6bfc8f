"""Parts: an address that gives a page, and to htmx only the part of it that goes into a page that is open."""

from __future__ import annotations

from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def render(
    request: HttpRequest, part: str, *, of: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The template `part` to htmx, else the page `of`."""
    template = part if request.headers.get("HX-Request") else of
    answer = shortcuts.render(request, template, context, status=status)
    # A browser that goes back must not show the part for the page: they have one address.
    patch_vary_headers(answer, ["HX-Request"])
    return answer
