"""Reviews: judging a submission, criterion by criterion. Done is what somebody else found to be done.

One gate for every door: nobody, the admin included, sets `done` by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from tasks.domain import (
    asking,
    attempts,
    comments,
    criteria,
    dependencies,
    events,
    lifecycle,
    reviewers,
    submissions,
    transactions,
)
from tasks.domain.refusals import Conflict, Denied, Invalid
from tasks.models import Agent, Criterion, DoneVia, Review, Status, Submission, Task, Verdict
from tasks.queries import queue, review_queue


class WrongState(Conflict):
    """There is nothing to judge, or the submission is not the newest."""


class OwnWork(Denied):
    """The caller has held the task's lease."""

    code = "own_work"


class NotTheReviewer(Denied):
    """The task has another reviewer."""

    code = "not_the_reviewer"


@dataclass(frozen=True)
class Finding:
    """Whether a criterion (by its number) is met, and why."""

    criterion: int
    met: bool
    note: str


def next_review(agent: Agent, *, now: datetime) -> Task | None:
    """Give `agent` the oldest submission it may judge, its own first, leased for REVIEW_AFTER; None if there is none.

    May judge: its reviewer; where there is no reviewer, or the reviewer has let REVIEW_AFTER pass, anyone who has
    never worked on the task, and that makes them its reviewer. A human's review is not given to another.
    """
    with transactions.change():
        task = review_queue.lock_next(agent, now=now)
        if task is None:
            return None
        if task.reviewer_id != agent.pk or task.review_until is None or task.review_until <= now:
            Task.objects.filter(pk=task.pk).update(**reviewers.assigned(task, agent, now=now), updated_at=now)
            events.record("task.review_taken", now=now, task_id=task.pk, by=agent)
        return task


def judge(
    task: Task,
    *,
    by: Agent,
    submission: int,
    verdict: Review.Judgement,
    findings: Sequence[Finding],
    comment: str,
    now: datetime,
) -> Task:
    """Approve (`done`) or reject (`todo`, reserved for its worker) the newest submission; gives the task as it is then.

    Refused: by a worker of the task (OwnWork); by someone else than its reviewer, unless human (NotTheReviewer); not
    validating, or not the newest submission (WrongState); a criterion left out, named twice or unknown, a blank note,
    an approval with one unmet, a rejection with none (Invalid). Nothing is written then.
    """
    with transactions.change():
        if verdict == Review.Judgement.APPROVE:
            dependencies.lock_to_shift(task.pk)
        row = queue.lock_task(task.pk)
        _refuse_who(row, by)
        judged = _judged(row, submission)
        current = criteria.current(row)
        _refuse_incomplete(verdict, findings, current)
        _store(judged, current, by=by, verdict=verdict, findings=findings, comment=comment, now=now)
        if verdict == Review.Judgement.APPROVE:
            _approve(row, by=by, number=submission, comment=comment, now=now)
        else:
            _reject(row, by=by, number=submission, findings=findings, comment=comment, now=now)
    row.refresh_from_db()
    return row


def refuse(task: Task, *, by: Agent) -> None:
    """Refuse what `judge` would refuse `by`, with the task as it is, whatever the verdict."""
    _refuse_who(task, by)
    _newest(task)


def _refuse_who(row: Task, by: Agent) -> None:
    if attempts.has_worked(by, task_id=row.pk):
        raise OwnWork(
            f"{by.name} has worked on {row.ref}, and a worker does not judge its own work.",
            fix=f"GET /reviews/next?agent={by.name} gives you another's work to review.",
        )
    reviewer = row.reviewer
    if row.status == Status.VALIDATING and reviewer and reviewer != by and by.kind != Agent.Kind.HUMAN:
        raise NotTheReviewer(
            f"{reviewer.name} is the reviewer of {row.ref}.",
            fix=f"GET /reviews/next?agent={by.name} gives you one to review.",
        )


def _newest(row: Task) -> Submission:
    newest = submissions.latest(row.pk)
    if row.status != Status.VALIDATING or newest is None:
        raise WrongState(
            f"{row.ref} is {row.status}; there is nothing to judge.", fix=f"GET /tasks/{row.ref} shows it."
        )
    return newest


def _judged(row: Task, number: int) -> Submission:
    newest = _newest(row)
    if newest.number != number:
        raise WrongState(
            f"The newest submission of {row.ref} is {newest.number}.",
            fix=f"GET /reviews/next gives it; judge submission {newest.number}.",
        )
    return newest


def _refuse_incomplete(verdict: str, findings: Sequence[Finding], current: dict[int, Criterion]) -> None:
    problems = criteria.coverage([finding.criterion for finding in findings], current)
    problems += [
        f"The note on criterion {one.criterion} is blank." for one in findings if not one.note.strip()
    ]
    unmet = [str(finding.criterion) for finding in findings if not finding.met]
    if verdict == Review.Judgement.APPROVE and unmet:
        problems.append(f"An approval says that every criterion is met, and {', '.join(unmet)} is not.")
    if verdict == Review.Judgement.REJECT and not unmet:
        problems.append("A rejection names at least one criterion that is not met.")
    if problems:
        raise Invalid(
            {"criteria": problems}, fix="Send it again with every criterion judged, each with a note."
        )


def _store(
    judged: Submission,
    current: dict[int, Criterion],
    *,
    by: Agent,
    verdict: Review.Judgement,
    findings: Sequence[Finding],
    comment: str,
    now: datetime,
) -> None:
    review = Review.objects.create(
        submission=judged, reviewer=by, judgement=verdict, comment=comment, created_at=now
    )
    Verdict.objects.bulk_create(
        [
            Verdict(review=review, criterion=current[one.criterion], met=one.met, note=one.note)
            for one in findings
        ]
    )


def _approve(row: Task, *, by: Agent, number: int, comment: str, now: datetime) -> None:
    _move(
        row,
        "approve",
        by=by,
        now=now,
        changes={"done_via": DoneVia.APPROVAL, "asks_human": ""},
        submission=number,
    )
    text = f"approve {number}: {comment}" if comment else f"approve {number}"
    comments.append(row.pk, by=by, kind="move", text=text, now=now)


def _reject(
    row: Task, *, by: Agent, number: int, findings: Sequence[Finding], comment: str, now: datetime
) -> None:
    rejections = row.rejections + 1
    asks = rejections >= settings.MAX_REJECTIONS and not asking.is_human(by)
    changes = {
        "rejections": rejections,
        "reserved_until": now + settings.RESERVE_FOR,
        "asks_human": asking.about_rejections(rejections) if asks else asking.left(row.asks_human, by=by),
    }
    _move(row, "reject", by=by, now=now, changes=changes, submission=number, rejections=rejections)
    unmet = "\n".join(f"- criterion {one.criterion}: {one.note}" for one in findings if not one.met)
    comments.append(row.pk, by=by, kind="move", text=f"reject {number}: {comment}\n{unmet}".strip(), now=now)


def _move(row: Task, verb: str, *, by: Agent, now: datetime, changes: dict[str, Any], **data: Any) -> None:
    moved = lifecycle.move(row.pk, verb, now=now, by=by, changes=changes, worker=_name(row.assignee), **data)
    assert moved, f"{row.ref} changed while it was locked"


def _name(agent: Agent | None) -> str | None:
    return agent.name if agent else None
