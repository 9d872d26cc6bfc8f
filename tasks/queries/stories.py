"""Stories: all there is to tell of a task, read in a fixed number of bounded queries, however long its log."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from tasks import models
from tasks.models import Attempt, Criterion, Dependency, Review, Submission, Task, TaskLabel, Verdict
from tasks.queries import highlights, planned, times
from tasks.queries.excerpts import Excerpt

# How much of each list is read: log entries of each kind, attempts, blocks, dependencies; how far entries are counted.
NEWEST = 30
ATTEMPTS = 10
BLOCKS = 5
DEPENDENCIES = 20
COUNTED_TO = 1000


@dataclass(frozen=True)
class HandedIn:
    """The newest submission of a task, if it counts (is not voided)."""

    number: int
    by: str
    at: datetime
    summary: str
    caveats: str = ""
    artifacts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Judged:
    """The review of the newest submission; `findings` are criterion, whether it is met, and why."""

    by: str
    at: datetime
    approved: bool
    comment: str = ""
    findings: Sequence[tuple[int, bool, str]] = ()


@dataclass(frozen=True)
class Handoff:
    """What one holder left for the next; `by` null is the board, `to` null whoever comes."""

    number: int
    by: str | None
    to: str | None
    at: datetime
    done: str
    pending: str
    gotchas: str
    read_back_by: str | None = None
    read_back_at: datetime | None = None
    readback: str = ""


@dataclass(frozen=True)
class Block:
    """What a task waited or, while `ended_at` is null, waits for."""

    by: str
    at: datetime
    reason: str
    needs: str
    unblocked_by: str | None = None
    ended_at: datetime | None = None
    resolution: str = ""


@dataclass(frozen=True)
class Try:
    """One attempt at a task, and how it ended (null: it has not)."""

    by: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Story:
    """A task with what happened to it.

    `task` has its agents, project and `criteria_version` loaded; `criteria` are number and text. `entries` are the
    newest of each kind of the log, `counts` says how many there are of each kind, counted up to COUNTED_TO.
    """

    task: Task
    criteria: Sequence[tuple[int, str]] = ()
    labels: Sequence[str] = ()
    depends_on: Sequence[tuple[int, str]] = ()
    entries: Sequence[highlights.Entry] = ()
    counts: dict[str, int] = field(default_factory=dict)
    tries: Sequence[Try] = ()
    handed_in: HandedIn | None = None
    judged: Judged | None = None
    handoff: Handoff | None = None
    blocks: Sequence[Block] = ()


def of(task_id: int, *, longest: int) -> Story:
    """The story of a task; of a log entry longer than `longest` characters only both ends are read.

    Raises Task.DoesNotExist.
    """
    task = Task.objects.select_related("assignee", "reviewer", "created_by", "project").get(pk=task_id)
    criteria = Criterion.objects.filter(task=task, version=task.criteria_version).order_by("number")
    labels = TaskLabel.objects.filter(task=task).order_by("pk").values_list("label", flat=True)
    depends_on = Dependency.objects.filter(task=task).order_by("depends_on")
    tries = Attempt.objects.filter(task=task).select_related("agent").order_by("-token")[:ATTEMPTS]
    blocks = models.Block.objects.filter(task=task).select_related("by", "ended_by")
    submission = _submission(task)
    return Story(
        task=task,
        criteria=list(criteria.values_list("number", "text")),
        labels=list(labels),
        depends_on=list(depends_on.values_list("depends_on", "depends_on__status")[: DEPENDENCIES + 1]),
        entries=_entries(task_id, longest),
        counts=_counts(task_id),
        tries=[Try(one.agent.name, one.started_at, one.ended_at, one.outcome) for one in tries],
        handed_in=_handed_in(submission) if submission else None,
        judged=_judged(submission) if submission else None,
        handoff=_handoff(task, submission),
        blocks=[_block(one) for one in blocks.order_by("-number")[:BLOCKS]],
    )


def _submission(task: Task) -> Submission | None:
    rows = Submission.objects.filter(task=task).order_by("-number")
    newest = rows.select_related("agent", "review__reviewer").first()
    return newest if newest and newest.voided_at is None else None


def _handed_in(submission: Submission) -> HandedIn:
    return HandedIn(
        number=submission.number,
        by=submission.agent.name,
        at=submission.created_at,
        summary=submission.summary,
        caveats=submission.caveats,
        artifacts=[(one["label"], one["url"]) for one in submission.artifacts],
    )


def _judged(submission: Submission) -> Judged | None:
    verdicts = Verdict.objects.filter(review__submission=submission).order_by("criterion__number")
    findings = list(verdicts.values_list("criterion__number", "met", "note"))
    review: Review | None = getattr(submission, "review", None)
    if review is None:
        return None
    approved = review.judgement == Review.Judgement.APPROVE
    return Judged(review.reviewer.name, review.created_at, approved, review.comment, findings)


def _handoff(task: Task, submission: Submission | None) -> Handoff | None:
    """The newest one, unless something was handed in since."""
    rows = models.Handoff.objects.filter(task=task).select_related("by", "to", "read_by")
    newest = rows.order_by("-number").first()
    if newest is None or (submission and submission.created_at >= newest.created_at):
        return None
    by, to, reader = (agent.name if agent else None for agent in (newest.by, newest.to, newest.read_by))
    said = newest.done, newest.pending, newest.gotchas
    return Handoff(newest.number, by, to, newest.created_at, *said, reader, newest.read_at, newest.readback)


def _block(row: models.Block) -> Block:
    by, ended_by = (agent.name if agent else "system" for agent in (row.by, row.ended_by))
    ended = (ended_by, row.ended_at, row.resolution) if row.ended_at else ()
    return Block(by, row.created_at, row.reason, row.needs, *ended)


def _entries(task_id: int, longest: int) -> list[highlights.Entry]:
    bounds = {"task": task_id, "newest": NEWEST, "head": longest, "tail": longest // 2}
    with planned.cursor() as cursor:
        cursor.execute(_entries_sql(connection.vendor), bounds)
        return [
            highlights.Entry(key, by or "system", kind, times.aware(at), Excerpt(head, tail, length))
            for key, by, kind, at, head, tail, length in cursor.fetchall()
        ]


def _counts(task_id: int) -> dict[str, int]:
    with planned.cursor() as cursor:
        cursor.execute(_COUNTS, {"task": task_id, "counted": COUNTED_TO})
        return {kind: count for kind, count in cursor.fetchall() if count}


@functools.cache
def _entries_sql(vendor: str) -> str:
    newest = highlights.sql(vendor, task="%(task)s")
    return (
        "SELECT e.id, a.name, e.kind, e.created_at, e.head, e.tail, e.length"
        f" FROM ({newest}) e LEFT JOIN tasks_agent a ON a.id = e.author_id ORDER BY e.id"
    )


_COUNTS = " UNION ALL ".join(
    f"SELECT '{kind}', count(*) FROM (SELECT 1 FROM tasks_comment c WHERE c.task_id = %(task)s"
    f" AND c.kind = '{kind}' LIMIT %(counted)s) {kind}_entries"
    for kind in highlights.KINDS
)
