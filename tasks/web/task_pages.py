"""The page of a task: all that it shows, as a page of its own or, to htmx, as a panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from tasks.domain import allowed
from tasks.domain.refusals import Missing
from tasks.models import Agent, Status, Task
from tasks.queries import offered, references, sheets, timelines
from tasks.web import deeds, parts, viewers
from tasks.web.deed_forms import DeedForm

ENTRIES = 30


class UnknownTask(Missing):
    """No task of that id; the nearest ones are in the fix."""


@dataclass(frozen=True)
class Button:
    """A verb as it stands on the page: to be pressed, or with the sentence why not."""

    deed: deeds.Deed
    why_not: str | None


@dataclass(frozen=True)
class Opened:
    """The form that stands open; `pressed` where the person asked for it and is to find the cursor in it."""

    deed: deeds.Deed
    form: DeedForm
    pressed: bool = True


def find(ref: str) -> Task:
    """The task of an address, with what `tasks.domain.allowed` and the forms read. Refused as UnknownTask."""
    task_id = references.task_id(ref)
    related = Task.objects.select_related("assignee", "reviewer", "lane")
    task = related.filter(pk=task_id).first() if task_id else None
    if task is None:
        near = ", ".join(references.nearest(ref))
        raise UnknownTask(f"There is no task {ref[:60]}.", fix=f"The nearest are {near}." if near else "")
    return task


def person(request: HttpRequest) -> Agent | None:
    """Whom the page says what is allowed: the viewer's agent or, before its first action, the one it will be."""
    if not viewers.signed_in(request):
        return None
    assert isinstance(request.user, AbstractBaseUser)
    newcomer = Agent(pk=0, name=request.user.get_username(), kind=Agent.Kind.HUMAN)
    return viewers.viewer(request) or newcomer


def answer(
    request: HttpRequest, task: Task, *, now: datetime, opened: Opened | None = None, status: int = 200
) -> HttpResponse:
    """The page of the task as it is now, with `opened` as it was sent, or with what the address asks for (`?do=`)."""
    context = _context(request, task, now=now, opened=opened)
    return parts.render(request, "task/_panel.html", of="task/task.html", context=context, status=status)


def _context(request: HttpRequest, task: Task, *, now: datetime, opened: Opened | None) -> dict[str, Any]:
    number = request.GET.get("submission", "")
    submission = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    sheet = sheets.of(task.pk, now=now, submission=submission)
    log = _log(request, sheet.task)
    done = request.method == "POST" and opened is None
    acting = _acting(request, sheet.task, now=now, opened=opened)
    return {
        "here": "board",
        "now": now,
        "task": sheet.task,
        "sheet": sheet,
        "standing": sheet.standing,
        "names": sheets.known_names([*sheet.texts(), *(entry.text for entry in log["story"].entries)]),
        "judging": _judging(sheet, acting["opened"]),
        **_offered(acting["opened"]),
        "blank_row": [""],
        "live_page": "live" in request.GET,
        "moved": done,
        **acting,
        **log,
    }


def _log(request: HttpRequest, task: Task) -> dict[str, Any]:
    """The page of the story that is asked for."""
    asked, before = request.GET.get("show"), request.GET.get("before")
    show = asked if asked in timelines.FILTERS else "all"
    story = timelines.page(task.pk, limit=ENTRIES, kind=show, before=before)
    return {"story": story, "show": show, "filters": list(timelines.FILTERS), "begun": bool(before)}


def _acting(request: HttpRequest, task: Task, *, now: datetime, opened: Opened | None) -> dict[str, Any]:
    """What the one who looks can do, what not and why, and the form that stands open."""
    asked, by = request.GET, person(request)
    said = allowed.verbs(task, by=by, now=now) if by else {}
    if by and task.status == Status.DOING and task.assignee_id == by.pk:
        # It has it: to take it again is no refusal, and would do nothing.
        said = said | {"claim": f"You hold {task.ref} already."}
    buttons = [Button(deed, said[verb]) for verb, deed in deeds.DEEDS.items()] if by else []
    pressed = deeds.DEEDS.get(request.POST.get("do") or asked.get("do", ""))
    is_comment = opened is not None and opened.deed is deeds.COMMENT
    composer = opened.form if opened and is_comment else deeds.COMMENT.form(task)
    if opened is None or is_comment:
        opened = _opened(task, pressed, said, by, live="live" in asked, kept="keep" in asked)
    return {
        "live": [button for button in buttons if button.why_not is None],
        "others": [button for button in buttons if button.why_not is not None],
        "refused": next((one for one in buttons if one.deed is pressed and one.why_not), None),
        "opened": opened,
        "composer": composer,
    }


def _opened(
    task: Task,
    pressed: deeds.Deed | None,
    said: dict[str, str | None],
    by: Agent | None,
    *,
    live: bool,
    kept: bool,
) -> Opened | None:
    """The form that is asked for, if its verb is allowed or somebody is writing in it (`kept`); a review opens by
    itself where it waits for the one who looks. A page that is kept fresh (`live`) takes nobody's cursor away."""
    if pressed and by and (kept or said[pressed.verb] is None):
        form = pressed.form(task)
        return Opened(pressed, form if live else form.focused(), pressed=not live)
    mine = by is not None and task.reviewer_id in (None, by.pk)
    if pressed is None and mine and task.status == Status.VALIDATING and said["review"] is None:
        return Opened(deeds.DEEDS["review"], deeds.DEEDS["review"].form(task), pressed=False)
    return None


def _judging(sheet: sheets.Sheet, opened: Opened | None) -> list[dict[str, Any]]:
    """The criteria with what was handed in and what the reviewer has typed so far."""
    if opened is None or opened.deed.verb != "review" or sheet.shown is None:
        return []
    form, lines = opened.form, []
    for line in sheet.shown.lines:
        names = [name for name in (f"met-{line.number}", f"note-{line.number}") if name in form.fields]
        met, note = (form[name].value() or "" for name in names) if len(names) == 2 else ("", "")
        errors = [text for name in names for text in form[name].errors]
        told = {"number": line.number, "text": line.text, "evidence": line.evidence}
        lines.append(told | {"met": met, "note": note, "errors": errors})
    return lines


def _offered(opened: Opened | None) -> dict[str, list[str]]:
    """The names that fields of the open form propose, asked for where there is such a field."""
    asked = opened.form.fields.keys() if opened else set()
    return {
        "agent_names": offered.agents() if {"reviewer", "assignee", "to"} & asked else [],
        "project_names": offered.projects() if "project" in asked else [],
    }
