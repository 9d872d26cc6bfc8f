"""Refusing: a refusal as a page or, to htmx, as a note in the page that sent the form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tasks import http_status
from tasks.domain.refusals import Refusal


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What is true now, in the refusal's own words. htmx puts it into the page's place for news (`#refusal`)."""
    context, status = {"refusal": refusal}, http_status.of(refusal)
    if not request.headers.get("HX-Request"):
        return render(request, "refusal.html", context, status=status)
    response = render(request, "_refusal.html", context, status=status)
    response.headers["HX-Retarget"] = "#refusal"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
