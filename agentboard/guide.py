"""The guide: how to work here, for an agent that knows nothing (`/llms.txt`) and for a person (`/docs`)."""

from __future__ import annotations

import functools

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from drf_spectacular.generators import SchemaGenerator

from agentboard.capabilities import CALLS
from tasks import durations


@require_safe
@vary_on_headers("Accept")
def front(request: HttpRequest) -> HttpResponse:
    """`GET /`: a browser is led to the board, any other caller to what an agent needs to know."""
    return redirect("/board/" if "text/html" in request.headers.get("Accept", "") else "/llms.txt")


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """`GET /llms.txt`: at most 700 tokens."""
    return render(request, "guide/llms.txt", _silences(), content_type="text/plain; charset=utf-8")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """`GET /docs`: every call, for a person with a browser."""
    return render(request, "guide/docs.html", {"calls": _explained(), **_silences()})


@functools.cache
def _explained() -> list[tuple[str, str, str]]:
    """Every call, what it does in the words of the OpenAPI schema, and what it takes."""
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    described = {
        f"{method.upper()} {path.replace('{ref}', '{id}').replace('{number}', '{n}')}": one.get(
            "description", ""
        )
        for path, calls in schema["paths"].items()
        for method, one in calls.items()
    }
    return [
        (call, described.get(call, what), what if call in described else "") for call, what in CALLS.items()
    ]


def _silences() -> dict[str, str]:
    named = {"stale_after": settings.STALE_AFTER, "reclaim_after": settings.RECLAIM_AFTER}
    return {name: durations.write(int(value.total_seconds())) for name, value in named.items()}
