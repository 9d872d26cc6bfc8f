"""Unsticking: whatever holds a task up, the one call that ends it, with its reason in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tasks.domain import blocks, closing, comments, editing, reservations, transactions
from tasks.domain.refusals import Conflict
from tasks.models import Agent, Comment, Dependency, Task
from tasks.queries import standstill
from tasks.queries.standstill import Hitch


class NotStuckSo(Conflict):
    """Nothing of this kind holds the task up, or only its author can end it."""


@dataclass(frozen=True)
class Cure:
    """What ends a hitch, and what that makes of the task."""

    becomes: str
    call: Callable[[Task, Agent, str, datetime], object]


def unstick(task: Task, *, why: str, by: Agent, reason: str, now: datetime) -> None:
    """End the hitch `why`, one of CURES, that holds the task up now.

    Refused as NotStuckSo when that is not what holds it up (any more) or takes an edit; else as the call refuses that
    ends it. The reason stands in the log, and answers what the task asks a human.
    """
    row = Task.objects.select_related("assignee", "reviewer", "lane").get(pk=task.pk)
    held_up_by = {one.hitch for one in standstill.of(row, now=now)}
    if why not in CURES or why not in held_up_by:
        raise NotStuckSo(
            f"{row.ref} is {row.status} and is not held up by what was to be ended.",
            fix=f"GET /tasks/{row.ref} shows how it is.",
        )
    CURES[Hitch(why)].call(row, by, reason, now)


def _free(task: Task, by: Agent, reason: str, now: datetime) -> None:
    with transactions.change():
        reservations.reserve(task, None, by=by, now=now)
        _log(task, by, reason, now)


def _recount(task: Task, by: Agent, reason: str, now: datetime) -> None:
    waits_for = Dependency.objects.filter(task=task).values_list("depends_on_id", flat=True)
    with transactions.change():
        editing.edit(task, by=by, now=now, depends_on=[f"T-{pk}" for pk in waits_for.order_by("pk")])
        _log(task, by, reason, now)


def _start_now(task: Task, by: Agent, reason: str, now: datetime) -> None:
    with transactions.change():
        editing.edit(task, by=by, now=now, not_before=None)
        _log(task, by, reason, now)


def _pass_on(task: Task, by: Agent, reason: str, now: datetime) -> None:
    with transactions.change():
        editing.edit(task, by=by, now=now, reviewer=None)
        _log(task, by, reason, now)


def _answer(task: Task, by: Agent, reason: str, now: datetime) -> None:
    comments.write(task, by=by, text=reason, kind=Comment.Kind.DECISION, lease=None, now=now)


def _take_back(task: Task, by: Agent, reason: str, now: datetime) -> None:
    closing.take_back(task, by=by, reason=reason, now=now)


def _unblock(task: Task, by: Agent, reason: str, now: datetime) -> None:
    blocks.unblock(task, by=by, resolution=reason, now=now)


def _reopen(task: Task, by: Agent, reason: str, now: datetime) -> None:
    closing.reopen(task, by=by, reason=reason, now=now)


def _log(task: Task, by: Agent, reason: str, now: datetime) -> None:
    comments.append(task.pk, by=by, kind=Comment.Kind.MOVE, text=f"unstick: {reason}", now=now)


CURES: dict[Hitch, Cure] = {
    Hitch.KEPT: Cure("todo, for anyone", _free),
    Hitch.MISCOUNTED: Cure("todo, with what it waits for counted anew", _recount),
    Hitch.DEFERRED: Cure("todo, to be started at once", _start_now),
    Hitch.ASKS: Cure("as it is, with your reason as the answer", _answer),
    Hitch.SILENT: Cure("todo, for anyone; the attempt ends as reclaimed", _take_back),
    Hitch.BLOCKED: Cure("todo, kept for its last holder; what the block waits for is dropped", _unblock),
    Hitch.UNREVIEWED: Cure("validating, by whom the board chooses, or a human is asked", _pass_on),
    Hitch.DONE: Cure("todo, for anyone", _reopen),
    Hitch.CANCELLED: Cure("todo, for anyone", _reopen),
}
# What only an edit ends: it takes words that a reason does not hold.
EDITS: dict[Hitch, str] = {
    Hitch.NO_CRITERIA: "Edit its done criteria.",
    Hitch.WAITS: "Unstick or cancel what it waits for, or edit what it depends on.",
    Hitch.UNSKILLED: "Give an agent these skills, or edit the skills it needs.",
}
