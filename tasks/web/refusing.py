"""Refusing: a refusal as a page or, to htmx, as a note in the page that sent the form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tasks import http_status
from tasks.domain.refusals import Refusal


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What is true now, in the refusal's own words. htmx puts it into the page's place for news (`#refusal`)."""
    status = http_status.of(refusal)
    context = {"refusal": refusal, "heading": _heading(request, status)}
    if not request.headers.get("HX-Request"):
        return render(request, "refusal.html", context, status=status)
    return _as_note(render(request, "_refusal.html", context, status=status))


def signed_out(request: HttpRequest, typed: list[tuple[str, str]], address: str) -> HttpResponse:
    """That nobody is signed in any more, with what was typed: htmx leaves it where it stands, a page shows it."""
    context = {"typed": typed, "address": address}
    if not request.headers.get("HX-Request"):
        return render(request, "signed_out.html", context, status=401)
    return _as_note(render(request, "_signed_out.html", context, status=401))


def _as_note(response: HttpResponse) -> HttpResponse:
    response.headers["HX-Retarget"] = "#refusal"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _heading(request: HttpRequest, status: int) -> str:
    if request.method == "POST":
        return "Not done"
    return "Not found" if status == 404 else "Not shown"
