"""Submissions: handing a task in, with evidence for every criterion. The lease ends, and a reviewer is set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tasks.domain import comments, criteria, handoffs, leases, lifecycle, reviewers, transactions
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Criterion, Evidence, Submission, Task

# Where the work can be looked at: a web address, or a path in the repository. Anything a browser would run is neither.
_URL = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)
_PATH = re.compile(r"(?!/)[^\s<>\"'`\\:?]+(?:[:#][\w.,:-]*)?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True)
class Artifact:
    """Something the work left behind: a label and where it is."""

    label: str
    url: str


@dataclass(frozen=True)
class HandIn:
    """What a worker submits. `evidence` pairs a criterion's number with why it is met."""

    summary: str
    evidence: Sequence[tuple[int, str]]
    artifacts: Sequence[Artifact] = ()
    caveats: str = ""


def submit(task: Task, handed_in: HandIn, *, by: Agent, lease: int, now: datetime) -> Submission:
    """Hand the task in: it waits for its reviewer, and the lease ends.

    Refused: a lease that is not current (LeaseLost); a handoff not read back (ReadbackNeeded); evidence that
    lacks a criterion, names one twice or one there is not, an artifact that is neither http(s) nor a repository
    path (Invalid).
    """
    with transactions.change():
        row = leases.lock_held(task, by=by, token=lease, now=now)
        handoffs.refuse_unread(row, by=by)
        current = criteria.current(row)
        _refuse_incomplete(handed_in, current)
        reviewer = row.reviewer or reviewers.choose(row, now=now)
        submission = _store(row, handed_in, current, by=by, now=now)
        moved = lifecycle.move(
            row.pk,
            "submit",
            now=now,
            by=by,
            guard=leases.held(by, lease) & handoffs.READ,
            changes=reviewers.assigned(row, reviewer, now=now),
            submission=submission.number,
            reviewer=reviewer.name if reviewer else None,
        )
        assert moved, f"{row.ref} changed while it was locked"
        comments.append(
            row.pk, by=by, kind="move", text=f"submit {submission.number}: {handed_in.summary}", now=now
        )
    submission.task.reviewer = reviewer
    return submission


def latest(task_id: int) -> Submission | None:
    """The newest submission of a task, voided or not."""
    return Submission.objects.filter(task_id=task_id).order_by("-number").first()


def _store(
    row: Task, handed_in: HandIn, current: dict[int, Criterion], *, by: Agent, now: datetime
) -> Submission:
    before = latest(row.pk)
    submission = Submission.objects.create(
        task=row,
        number=before.number + 1 if before else 1,
        agent=by,
        criteria_version=row.criteria_version,
        summary=handed_in.summary,
        caveats=handed_in.caveats,
        artifacts=[{"label": artifact.label, "url": artifact.url} for artifact in handed_in.artifacts],
        created_at=now,
    )
    Evidence.objects.bulk_create(
        [
            Evidence(submission=submission, criterion=current[number], text=text)
            for number, text in handed_in.evidence
        ]
    )
    return submission


def _refuse_incomplete(handed_in: HandIn, current: dict[int, Criterion]) -> None:
    errors: dict[str, list[str]] = {}
    problems = criteria.coverage([number for number, _ in handed_in.evidence], current)
    if problems:
        errors["evidence"] = problems
    for at, artifact in enumerate(handed_in.artifacts):
        if not is_linkable(artifact.url):
            errors[f"artifacts[{at}].url"] = [
                "This takes an http or https address, or a path in the repository."
            ]
    if errors:
        raise Invalid(errors, fix=f"Send the submission again with {' and '.join(errors)} corrected.")


def is_linkable(url: str) -> bool:
    """Whether an artifact's address is http, https or a repository path such as `src/app.py#L10`."""
    if _URL.fullmatch(url):
        return True
    return bool(_PATH.fullmatch(url)) and not _SCHEME.match(url) and ".." not in url.split("/")
