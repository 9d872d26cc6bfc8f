"""Reading a task: its page, and one entry of its log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from tasks.domain.refusals import Missing
from tasks.queries import sheets, timelines
from tasks.web import entry, task_pages


class NoSuchEntry(Missing):
    """The task's log has no entry of that number."""


@entry.reading
def task(request: HttpRequest, ref: str) -> HttpResponse:
    """`GET /board/T-12`; with `?do=unblock` that form stands open, with `?submission=1` an older one is shown."""
    found = task_pages.find(ref)
    if ref != found.ref:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"/board/{found.ref}" + (f"?{query}" if query else ""))
    return task_pages.answer(request, found, now=timezone.now())


@entry.reading
def log_entry(request: HttpRequest, ref: str, comment_id: int) -> HttpResponse:
    """`GET /board/T-12/log/7`: one entry, whole."""
    found = task_pages.find(ref)
    one = timelines.entry(found.pk, comment_id)
    if one is None:
        raise NoSuchEntry(
            f"{found.ref} has no log entry {comment_id}.", fix=f"GET /tasks/{found.ref}/comments"
        )
    context = {"here": "board", "now": timezone.now(), "task": found, "entry": one}
    return render(request, "task/entry.html", context | {"names": sheets.known_names([one.text])})
