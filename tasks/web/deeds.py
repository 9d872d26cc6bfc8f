"""Deeds: what a person can do with a task, a table of verbs; each is one domain call by the person's own agent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.domain import (
    agents,
    blocks,
    claims,
    closing,
    comments,
    criteria,
    editing,
    handoffs,
    reviews,
    submissions,
)
from tasks.models import Agent, Task
from tasks.web import deed_forms, holder_forms
from tasks.web.deed_forms import DeedForm

Call = Callable[[Task, Any, Agent, datetime], object]


@dataclass(frozen=True)
class Deed:
    """One verb: what its button says, what follows, the form it asks, and the call that does it.

    `verb` is a name of `tasks.domain.allowed`, or `comment`, which everybody may. `tone` is that of its button, `sends`
    what the button of the form says where that is not the same.
    """

    verb: str
    label: str
    explained: str
    form: type[DeedForm]
    call: Call
    tone: str = ""
    sends: str = ""


def _claim(task: Task, form: Any, by: Agent, now: datetime) -> None:
    claims.claim(task, by=by, now=now)


def _comment(task: Task, form: Any, by: Agent, now: datetime) -> None:
    said = form.cleaned_data
    comments.write(task, by=by, text=said["text"], kind=said["kind"], lease=None, now=now)


def _unblock(task: Task, form: Any, by: Agent, now: datetime) -> None:
    blocks.unblock(task, by=by, resolution=form.cleaned_data["resolution"], now=now)


def _judge(task: Task, form: Any, by: Agent, now: datetime) -> None:
    reviews.judge(
        task,
        by=by,
        submission=form.cleaned_data["submission"],
        verdict=form.verdict(),
        findings=form.findings(),
        comment=form.cleaned_data["comment"],
        now=now,
    )


def _amend(task: Task, form: Any, by: Agent, now: datetime) -> None:
    said = form.cleaned_data
    texts, reason, seen = said["done_criteria"], said["reason"], said["seen"]
    criteria.amend(task, texts, by=by, reason=reason, seen=seen, now=now)


def _edit(task: Task, form: Any, by: Agent, now: datetime) -> None:
    changes = form.changes()
    if changes:
        editing.edit(task, by=by, now=now, **changes)


def _set(task: Task, form: Any, by: Agent, now: datetime) -> None:
    editing.edit(task, by=by, now=now, **form.cleaned_data)


def _submit(task: Task, form: Any, by: Agent, now: datetime) -> None:
    submissions.submit(task, form.handed_in(), by=by, lease=form.cleaned_data["lease"], now=now)


def _hand_off(task: Task, form: Any, by: Agent, now: datetime) -> None:
    said = form.cleaned_data
    to = agents.known(said["to"], field="to") if said["to"] else None
    handoffs.hand_off(task, form.words(), to=to, by=by, lease=said["lease"], now=now)


def _block(task: Task, form: Any, by: Agent, now: datetime) -> None:
    said = form.cleaned_data
    stop = blocks.Obstacle(said["reason"], said["needs"], said["depends_on"])
    blocks.block(task, stop, by=by, lease=said["lease"], now=now)


def _read_back(task: Task, form: Any, by: Agent, now: datetime) -> None:
    said = form.cleaned_data
    handoffs.read_back(task, said["handoff"], text=said["text"], by=by, lease=said["lease"], now=now)


def _close(call: Callable[..., object]) -> Call:
    return lambda task, form, by, now: call(task, by=by, reason=form.cleaned_data["reason"], now=now)


_F, _H = deed_forms, holder_forms
COMMENT = Deed("comment", "Comment", "", _F.Words, _comment)
# In the order of their buttons.
DEEDS = {
    deed.verb: deed
    for deed in (
        Deed(
            "readback",
            "Read back",
            "Say what you understood; then the work is yours.",
            _H.ReadBack,
            _read_back,
            "primary",
        ),
        Deed("review", "Review", "", _H.Judgement, _judge, "primary"),
        Deed(
            "unblock",
            "Unblock",
            "It goes back to todo, kept for its last holder.",
            _F.Resolution,
            _unblock,
            "primary",
        ),
        Deed(
            "submit",
            "Hand in",
            "It waits for its reviewer, and your lease ends.",
            _H.HandIn,
            _submit,
            "primary",
        ),
        Deed(
            "claim",
            "Take it",
            "You hold it and write its log until you hand it in or on.",
            _F.Nothing,
            _claim,
        ),
        Deed(
            "handoff",
            "Hand on",
            "It goes back to todo, and its next holder reads this back first.",
            _H.PassOn,
            _hand_off,
        ),
        Deed("block", "Block", "It stops until somebody unblocks it; your lease ends.", _H.Obstacle, _block),
        Deed("edit", "Edit", "", _F.Saying, _edit, sends="Save"),
        Deed(
            "criteria",
            "Edit criteria",
            "They are frozen when the task is first claimed.",
            _F.Criteria,
            _set,
            sends="Save",
        ),
        Deed(
            "amend",
            "Amend criteria",
            "What was handed in and judged is void, and it goes back to todo.",
            _F.Amendment,
            _amend,
        ),
        Deed("reviewer", "Reviewer", "", _F.Reviewer, _set, sends="Set the reviewer"),
        Deed(
            "assignee",
            "Keep for",
            "Only that agent is given it, for good.",
            _F.Assignee,
            _set,
            sends="Keep it",
        ),
        Deed(
            "queue",
            "Project and skills",
            "Which queue it stands in, and from when.",
            _F.Queueing,
            _edit,
            sends="Save",
        ),
        Deed(
            "depends_on",
            "Dependencies",
            "It is not ready before they are finished.",
            _F.WaitsFor,
            _set,
            sends="Save",
        ),
        Deed(
            "release",
            "Release",
            "Its holder loses it, and it is for anyone.",
            _F.Reason,
            _close(closing.release),
        ),
        Deed(
            "reopen",
            "Re-open",
            "It goes back to todo; what depends on it waits for it again.",
            _F.Reason,
            _close(closing.reopen),
        ),
        Deed(
            "override",
            "Override",
            "It is done without an approval, and says so for good.",
            _F.Reason,
            _close(closing.override),
            "danger",
            "Close without approval",
        ),
        Deed(
            "cancel",
            "Cancel",
            "It is given up; what waits for it waits no longer.",
            _F.Reason,
            _close(closing.cancel),
            "danger",
            "Cancel the task",
        ),
    )
}
