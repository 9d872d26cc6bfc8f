"""Search: tasks, agents and channels by what a person types into one field."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from channels_app.queries import channel_list
from channels_app.web.channels import number
from tasks.models import Status, Task
from tasks.queries import finding, passages, presence, roster
from tasks.queries.passages import Part
from tasks.web import entry

_SHOWN = 25
_NAMES = 10
_LONGEST = 200
_PASSAGE = 200


@dataclass(frozen=True)
class Hit:
    """A task that was found, with the words that were looked for marked in its title and its description."""

    task: Task
    title: list[Part]
    passage: list[Part]


@entry.reading
def search(request: HttpRequest) -> HttpResponse:
    """`GET /board/search?q=&state=&before=`; an id leads straight to its task."""
    now = timezone.now()
    asked = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST]
    if task := finding.named(asked):
        return redirect(f"/board/{task.ref}")
    state = request.GET.get("state", "")
    state = state if state in Status.values else ""
    before = number(request.GET.get("before"))
    found, older = (
        finding.page(asked, status=state or None, limit=_SHOWN, before=before) if asked else ([], None)
    )
    names = asked.lower().lstrip("@#") if not before else ""
    context = {
        "here": "search",
        "now": now,
        "q": asked,
        "state": state,
        "states": Status.values,
        "hits": [_hit(task, asked) for task in found],
        "older": older,
        "before": before,
        "agents": presence.of_each(roster.named(names, limit=_NAMES), now=now) if names else [],
        "channels": channel_list.named(names, limit=_NAMES) if names else [],
    }
    return render(request, "search/search.html", context)


def _hit(task: Task, asked: str) -> Hit:
    opening: str = task.opening  # type: ignore[attr-defined]
    return Hit(task, passages.marked(task.title, asked), passages.around(opening, asked, most=_PASSAGE))
