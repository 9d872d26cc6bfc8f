"""What is allowed now: for somebody who looks at a task, each verb with the reason why not.

Every answer comes from the room that makes the move, which refuses by the same check when it is called. So what is said
here is what would be refused, as long as nobody changes the task in between; the call has the last word.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tasks.domain import blocks, claims, closing, criteria, editing, handoffs, leases, reviews
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Task

_Check = Callable[[Task, Agent, datetime], None]


def verbs(task: Task, *, by: Agent, now: datetime) -> dict[str, str | None]:
    """For each verb the sentence why `by` may not do it with the task as it is, or None if it may.

    Needs the task's assignee and lane loaded. What depends on what is said (a blank note, an unknown name) is not
    judged. Anyone may comment.
    """
    unheld = _why_not(_holding, task, by, now)
    holders = {verb: unheld or _why_not(check, task, by, now) for verb, check in _HOLDERS.items()}
    return holders | {verb: _why_not(check, task, by, now) for verb, check in _CHECKS.items()}


def _why_not(check: _Check, task: Task, by: Agent, now: datetime) -> str | None:
    try:
        check(task, by, now)
    except Refusal as refusal:
        return refusal.detail
    return None


def _closing(verb: str) -> _Check:
    return lambda task, by, now: closing.refuse(task, verb, by=by)


def _editing(*fields: str) -> _Check:
    return lambda task, by, now: editing.refuse(task, fields, by=by)


def _holding(task: Task, by: Agent, now: datetime) -> None:
    leases.refuse_unheld(task, by=by, token=task.lease_token, now=now)


def _reading_back(task: Task, by: Agent, now: datetime) -> None:
    newest = handoffs.newest(task.pk)
    handoffs.refuse_unreadable(task, newest.number if newest else 1)


# What a holder may do, once it is one.
_HOLDERS: dict[str, _Check] = {
    "readback": _reading_back,
    "submit": lambda task, by, now: handoffs.refuse_unread(task, by=by),
    "handoff": lambda task, by, now: None,
    "block": lambda task, by, now: handoffs.refuse_unread(task, by=by),
}
_CHECKS: dict[str, _Check] = {
    "claim": lambda task, by, now: claims.refuse(task, by=by, now=now),
    "unblock": lambda task, by, now: blocks.refuse_unblocking(task),
    "review": lambda task, by, now: reviews.refuse(task, by=by),
    "amend": lambda task, by, now: criteria.refuse_amending(task, by=by),
    "edit": _editing(),
    "criteria": _editing("done_criteria"),
    "reviewer": _editing("reviewer"),
    "assignee": _editing("assignee"),
    "queue": _editing("project", "skills", "not_before"),
    "depends_on": _editing("depends_on"),
    "release": _closing("release"),
    "cancel": _closing("cancel"),
    "reopen": _closing("reopen"),
    "override": _closing("override"),
}
