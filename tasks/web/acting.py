"""Acting on a task: `POST /board/T-12/<verb>`, one domain call by the agent of the person who looks."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from tasks import http_status, operators
from tasks.domain.refusals import Conflict, Missing, Refusal
from tasks.models import Task
from tasks.web import deeds, entry, rows, task_pages
from tasks.web.deed_forms import DeedForm


class UnknownVerb(Missing):
    """Nothing is called that."""


@entry.acting
def act(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Do it, and show the task as it is then. What is refused is shown at the form, as it was sent."""
    now = timezone.now()
    task = task_pages.find(ref)
    deed = deeds.COMMENT if verb == "comment" else deeds.DEEDS.get(verb)
    if deed is None:
        raise UnknownVerb(
            f"Nothing is called {verb[:40]}.", fix=f"GET /board/{task.ref} shows what can be done."
        )
    if rows.asked(request.POST):
        form = rows.reshaped(deed.form(task), request.POST)
        return task_pages.answer(request, task, now=now, opened=task_pages.Opened(deed, form))
    status, form = _do(request, task, deed, now=now)
    if status:
        opened = task_pages.Opened(deed, form)
        return task_pages.answer(request, task_pages.find(ref), now=now, opened=opened, status=status)
    if request.headers.get("HX-Request"):
        return task_pages.answer(request, task, now=now)
    return HttpResponseRedirect(f"/board/{task.ref}")


def _do(request: HttpRequest, task: Task, deed: deeds.Deed, *, now: datetime) -> tuple[int, DeedForm]:
    """The status of the answer, 0 where it was done, and the form with what was refused."""
    form = deed.form(task, request.POST)
    if not form.is_valid():
        return 422, form
    try:
        deed.call(task, form, operators.acting(request, now=now), now)
    except Refusal as refusal:
        return http_status.of(refusal), form.refuse(refusal)
    except IntegrityError as error:
        return http_status.of(Conflict("", fix="")), form.refuse(error)
    return 0, form
