"""The digest: the state of the board as it was told, and the charts a manager asks for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tasks import durations
from tasks.domain import digests
from tasks.models import Digest
from tasks.queries import charts
from tasks.queries.digests import COUNTED_TO
from tasks.web import entry, figures

_EARLIER = 10
_AT_FIRST = 5
_PERIODS = (14, 30, 90)
# What a list of a digest is called, and what is said where it is empty.
_LISTS = {
    "stale": ("Stale", "Everybody who holds a task has written to its log lately."),
    "abandoned": ("Abandoned?", "No task was left behind."),
    "blocked": ("Blocked", "Nothing is blocked."),
    "reviews": ("Waiting for review", "No submission waits."),
    "shipped": ("Shipped", "Nothing was finished in this time."),
    "rejected": ("Rejected", "Nothing was rejected in this time."),
}


@entry.reading
def digest(request: HttpRequest) -> HttpResponse:
    """`GET /board/digest`: the newest, `?fresh=1` computed now, `?id=41` an earlier one; `?days=` for the charts."""
    now = timezone.now()
    asked = request.GET
    shown = _shown(_number(asked.get("id")), fresh=asked.get("fresh") == "1")
    if shown is None:
        shown = digests.fresh(now=now)
    earlier, before = digests.page(limit=_EARLIER, before=_number(asked.get("before")))
    days = _number(asked.get("days"))
    days = days if days in _PERIODS else _PERIODS[0]
    context: dict[str, Any] = {
        "here": "digest",
        "now": now,
        "digest": shown,
        "needs": _list(shown.data["needs_human"]),
        "lists": [
            {"key": key, "title": title, "empty": empty, **_list(shown.data[key])}
            for key, (title, empty) in _LISTS.items()
        ],
        "earlier": earlier,
        "before": before,
        "periods": _PERIODS,
        "figures": figures.of(charts.compute(days=days, now=now)),
    }
    return render(request, "digest/digest.html", context)


def _shown(digest_id: int | None, *, fresh: bool) -> Digest | None:
    if fresh:
        return None
    if digest_id:
        return Digest.objects.filter(pk=digest_id).first() or digests.newest()
    return digests.newest()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else None


def _list(found: dict[str, Any]) -> dict[str, Any]:
    """A list of a digest as a page shows it: ages in words, and a count that says where it stopped."""
    count = found["count"]
    return {
        "count": f"{count}+" if count >= COUNTED_TO else count,
        "tasks": [
            task | {"age": durations.coarse(task["for"]) if "for" in task else ""} for task in found["tasks"]
        ],
        "further": max(0, count - _AT_FIRST),
        "more": count - len(found["tasks"]),
    }
