"""Standings: where a task stands and since when, as facts that make one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tasks.models import Block, DoneVia, Event, Override, Review, Status, Task


@dataclass(frozen=True)
class Standing:
    """What the sentence is about.

    `kind` is `ready`, `reserved`, `waiting`, `no_criteria` or `deferred` of a todo task; `doing`; `blocked` or, where
    the board stopped it, `gave_up`; `in_review` or, without a reviewer, `unreviewed`; `approved`, `overridden` or
    `imported`; `cancelled`. `by` is who stopped, finished or cancelled it, `why` for what reason. `late` says that a
    holder is stale, or that a review is overdue; `overdue` that the task may be taken back.
    """

    kind: str
    by: str | None = None
    why: str = ""
    block: Block | None = None
    late: bool = False
    overdue: bool = False


def of(task: Task, *, now: datetime) -> Standing:
    """Where the task stands, in one query at the most. Its agents are loaded."""
    match task.status:
        case Status.TODO:
            return Standing(_before_work(task, now=now))
        case Status.DOING:
            return _in_work(task, now=now)
        case Status.BLOCKED:
            return _stopped(task)
        case Status.VALIDATING:
            late = task.review_until is not None and task.review_until <= now
            return Standing("in_review" if task.reviewer_id else "unreviewed", late=late)
        case Status.DONE:
            return _done(task)
    ended = Event.objects.filter(kind="task.cancelled", at=task.status_since, task=task)
    by, data = ended.values_list("agent__name", "data").first() or (None, {})
    return Standing("cancelled", by=by, why=str(data.get("reason", "")))


def _before_work(task: Task, *, now: datetime) -> str:
    if task.criteria_count == 0:
        return "no_criteria"
    if task.open_blockers:
        return "waiting"
    if task.not_before and task.not_before > now:
        return "deferred"
    lapsed = task.reserved_until is not None and task.reserved_until <= now
    return "reserved" if task.assignee_id and not lapsed else "ready"


def _in_work(task: Task, *, now: datetime) -> Standing:
    assert task.stale_at
    assert task.lease_expires_at
    return Standing("doing", late=task.stale_at <= now, overdue=task.lease_expires_at <= now)


def _stopped(task: Task) -> Standing:
    block = Block.objects.select_related("by").filter(task=task, ended_at=None).first()
    if block is None:
        return Standing("blocked")
    if block.by is None:
        return Standing("gave_up", why=block.reason, block=block)
    return Standing("blocked", by=block.by.name, why=block.reason, block=block)


def _done(task: Task) -> Standing:
    if task.done_via == DoneVia.APPROVAL:
        approved = Review.objects.filter(submission__task=task, judgement=Review.Judgement.APPROVE)
        return Standing(
            "approved", by=approved.order_by("-pk").values_list("reviewer__name", flat=True).first()
        )
    if task.done_via == DoneVia.OVERRIDE:
        override = Override.objects.filter(task=task).select_related("human").order_by("-pk").first()
        return (
            Standing("overridden", override.human.name, override.reason)
            if override
            else Standing("overridden")
        )
    return Standing("imported")
