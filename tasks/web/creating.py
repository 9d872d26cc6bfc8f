"""Creating a task: `/board/new`, as a page or, to htmx, as a panel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from tasks import operators
from tasks.domain import authoring, limits
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Project, Task
from tasks.queries import offered
from tasks.web import entry, fields, parts, rows, task_pages, viewers


class NewTask(forms.Form):
    """A task to be: the fields of `authoring.Draft` that a person sets at first."""

    title = fields.Title(
        max_length=limits.TITLE, widget=forms.TextInput(attrs={"dir": "auto", "autofocus": True})
    )
    description = fields.Area(required=False, max_length=limits.DESCRIPTION, rows=4, strip=False)
    done_criteria = fields.Rows(
        longest=limits.CRITERION,
        most=limits.CRITERIA,
        required=False,
        label="Done when",
        help_text="What must be true, one a row. Without any it is written down, but given to nobody.",
    )
    priority = fields.Priority(initial=2)
    reviewer = fields.Known(help_text="Empty: whom the board chooses when it is handed in.")
    assignee = fields.Known(label="Keep it for", help_text="Empty: for anyone.")
    depends_on = fields.Names(
        longest=limits.EXTERNAL_ID,
        most=limits.DEPENDENCIES,
        label="Waits for",
        help_text="Tasks to be finished first: T-3, T-14.",
    )
    labels = fields.Names(longest=limits.LABEL, most=limits.LABELS, help_text="With commas between them.")
    skills = fields.Skills()
    project = fields.ProjectName(initial=Project.DEFAULT)
    due_at = fields.Moment(label="Due (UTC)")

    def draft(self) -> authoring.Draft:
        """What the form says, as the domain takes it."""
        return authoring.Draft(**self.cleaned_data)


def new(request: HttpRequest) -> HttpResponse:
    """`/board/new`: the form, and what becomes of it."""
    return write(request) if request.method == "POST" else form(request)


@entry.reading
def form(request: HttpRequest) -> HttpResponse:
    """`GET /board/new`."""
    if not viewers.signed_in(request):
        return entry.to_sign_in(request)
    return _answer(request, _blank())


@entry.acting
def write(request: HttpRequest) -> HttpResponse:
    """`POST /board/new`: write the task down, and show it."""
    if rows.asked(request.POST):
        return _answer(request, rows.reshaped(_blank(), request.POST))
    sent = NewTask(request.POST, auto_id="new-%s", label_suffix="")
    if sent.is_valid():
        now = timezone.now()
        if task := _written(sent, by=operators.acting(request, now=now), now=now):
            if request.headers.get("HX-Request"):
                shown = task_pages.answer(request, task_pages.find(task.ref), now=now)
                shown.headers["HX-Push-Url"] = f"/board/{task.ref}"
                return shown
            return HttpResponseRedirect(f"/board/{task.ref}")
    return _answer(request, sent, status=422)


def _written(sent: NewTask, *, by: Agent, now: datetime) -> Task | None:
    """The new task; None where it was refused, which then stands in the form."""
    try:
        return authoring.write([sent.draft()], by=by, now=now).tasks[0]
    except Invalid as refusal:
        for name, texts in refusal.extra["errors"].items():
            sent.add_error(name if name in sent.fields else None, texts)
        return None


def _blank() -> NewTask:
    return NewTask(initial={"done_criteria": ["", ""]}, auto_id="new-%s", label_suffix="")


def _answer(request: HttpRequest, new: NewTask, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "here": "board",
        "now": timezone.now(),
        "form": new,
        "blank_row": ["", ""],
        "agent_names": offered.agents(),
        "project_names": offered.projects(),
    }
    return parts.render(request, "task/_new.html", of="task/new.html", context=context, status=status)
