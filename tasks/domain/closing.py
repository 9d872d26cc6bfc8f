"""Closing and re-opening: cancel, reopen, release and reclaim, each with its reason in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from tasks.domain import asking, comments, handoffs, lifecycle, reclaiming, transactions
from tasks.domain.refusals import Conflict, Denied
from tasks.models import FINISHED, Agent, DoneVia, Override, Task
from tasks.queries import queue

_NOBODY: dict[str, Any] = {"assignee": None}
_OVERRIDDEN: dict[str, Any] = {"done_via": DoneVia.OVERRIDE}
# What to do instead, where the task is in another state than the verb starts from.
_FIXES = {
    "cancel": "POST /tasks/{}/reopen first.",
    "override": "POST /tasks/{}/reopen first.",
    "reopen": "It is open already; GET /tasks/{} shows it.",
    "release": "Nobody holds it; GET /tasks/{} shows it.",
    "reclaim": "GET /tasks/{} shows what became of it.",
}


class WrongState(Conflict):
    """The task is not in a state the verb starts from."""


class NotHuman(Denied):
    """Only a human may close a task without an approval."""


class NotYours(Denied):
    """Only the task's creator, its reviewer or a human may do this."""


def cancel(task: Task, *, by: Agent, reason: str, now: datetime) -> None:
    """Give a task up. From any state but done and cancelled; by its creator, its reviewer or a human."""
    _with_reason(task, "cancel", by=by, reason=reason, now=now)


def reopen(task: Task, *, by: Agent, reason: str, now: datetime) -> None:
    """Bring a done or cancelled task back to todo, reserved for nobody; by its creator, its reviewer or a human."""
    _with_reason(task, "reopen", by=by, reason=reason, now=now)


def release(task: Task, *, by: Agent, reason: str, now: datetime) -> None:
    """Free a task from its holder, for anyone; by its creator, its reviewer or a human. The lease ends."""
    _with_reason(task, "release", by=by, reason=reason, now=now)


def take_back(task: Task, *, by: Agent | None, reason: str, now: datetime) -> None:
    """Reclaim a task from its holder before its time, by an operator. The lease ends, and its token is raised."""
    with transactions.change():
        row = queue.lock_task(task.pk)
        changes = {**_NOBODY, **handoffs.DUE, "lease_token": F("lease_token") + 1}
        facts = {"worker": row.assignee.name if row.assignee else None, "attempts": row.attempts}
        _apply(task, "reclaim", by=by, reason=reason, now=now, changes=changes, **facts)
        reclaiming.hand_over([row.pk], now=now)


def override(task: Task, *, by: Agent, reason: str, now: datetime) -> None:
    """Close a task without an approval; by a human, for a reason that stays visible. It never looks like one."""
    _refuse_who(task, "override", by=by)
    with transactions.change():
        Override.objects.create(task=task, human=by, reason=reason, created_at=now)
        _apply(task, "override", by=by, reason=reason, now=now, changes=_OVERRIDDEN)


def refuse(task: Task, verb: str, *, by: Agent) -> None:
    """Refuse what this room would refuse `by`, with the task as it is: cancel, reopen, release or override."""
    _refuse_who(task, verb, by=by)
    if task.status not in lifecycle.MOVES[verb].origins:
        raise _wrong_state(task, verb, status=task.status)


def _with_reason(task: Task, verb: str, *, by: Agent, reason: str, now: datetime) -> None:
    _refuse_who(task, verb, by=by)
    with transactions.change():
        _apply(task, verb, by=by, reason=reason, now=now)


def _refuse_who(task: Task, verb: str, *, by: Agent) -> None:
    if asking.is_human(by):
        return
    if verb == "override":
        raise NotHuman(
            f"{by.name} is not human, and only a human closes a task without an approval.",
            fix=f"POST /tasks/{task.ref}/submissions hands it in for review.",
        )
    if by.pk not in (task.created_by_id, task.reviewer_id):
        raise NotYours(
            f"{task.ref} can be changed so by its creator, its reviewer or a human; {by.name} is none of them.",
            fix=f"POST /tasks/{task.ref}/comments with kind question asks one of them to do it.",
        )


def _apply(
    task: Task,
    verb: str,
    *,
    by: Agent | None,
    reason: str,
    now: datetime,
    changes: dict[str, Any] = _NOBODY,
    **facts: Any,
) -> None:
    if asking.is_human(by) or lifecycle.MOVES[verb].target in FINISHED:
        changes = changes | {"asks_human": ""}
    if not lifecycle.move(task.pk, verb, now=now, by=by, changes=changes, reason=reason, **facts):
        status = Task.objects.values_list("status", flat=True).get(pk=task.pk)
        raise _wrong_state(task, verb, status=status)
    comments.append(task.pk, by=by, kind="move", text=f"{verb}: {reason}", now=now)


def _wrong_state(task: Task, verb: str, *, status: str) -> WrongState:
    origins = " or ".join(sorted(lifecycle.MOVES[verb].origins))
    detail = f"{task.ref} is {status}; {verb} starts from {origins}."
    return WrongState(detail, fix=_FIXES[verb].format(task.ref))
