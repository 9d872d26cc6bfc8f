"""Done criteria: written before the work, frozen at the first claim, amended in the open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings

from tasks.domain import asking, attempts, comments, lifecycle, transactions
from tasks.domain.refusals import Conflict, Denied, Invalid
from tasks.models import FINISHED, Agent, Criterion, Status, Submission, Task
from tasks.queries import queue


class CriteriaFrozen(Conflict):
    """The task has been claimed, so its criteria stand as they are."""


class Finished(Conflict):
    """The task is done or cancelled."""


class Outdated(Conflict):
    """The criteria were amended since the caller read them."""


class MayNotAmend(Denied):
    """Criteria are amended by a human or by the task's creator."""


class OwnWork(Denied):
    """A worker of a task cannot amend what its work is measured by."""

    code = "own_work"


def current(task: Task) -> dict[int, Criterion]:
    """The criteria in force, by number."""
    return {one.number: one for one in Criterion.objects.filter(task=task, version=task.criteria_version)}


def coverage(numbers: Sequence[int], wanted: dict[int, Criterion]) -> list[str]:
    """What keeps `numbers` from naming every criterion once, as sentences; empty if nothing does."""
    problems = [f"Criterion {number} is left out." for number in sorted(wanted.keys() - set(numbers))]
    problems += [f"There is no criterion {number}." for number in sorted(set(numbers) - wanted.keys())]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    return problems + [f"Criterion {number} stands twice." for number in twice]


def insert(lists: Iterable[tuple[int, int, Sequence[str]]]) -> None:
    """Store lists of criteria, each for a task id and version, numbered from 1. The task's row counts them already."""
    Criterion.objects.bulk_create(
        [
            Criterion(task_id=task_id, version=version, number=number, text=text)
            for task_id, version, texts in lists
            for number, text in enumerate(texts, 1)
        ],
        batch_size=500,
    )


def rewrite(task: Task, texts: Sequence[str], *, now: datetime) -> None:
    """Replace the criteria of a task nobody has claimed yet, within the caller's transaction.

    Refused as CriteriaFrozen once it was claimed.
    """
    unclaimed = Task.objects.filter(pk=task.pk, status=Status.TODO, attempts=0)
    if not unclaimed.update(criteria_count=len(texts), criteria_version=min(len(texts), 1), updated_at=now):
        raise _frozen(task)
    Criterion.objects.filter(task=task).delete()
    insert([(task.pk, 1, texts)])


def refuse_rewriting(task: Task) -> None:
    """Refuse what `rewrite` would refuse, with the task as it is."""
    if task.status != Status.TODO or task.attempts:
        raise _frozen(task)


def amend(
    task: Task, texts: Sequence[str], *, by: Agent, reason: str, now: datetime, seen: int | None = None
) -> int:
    """Make the next version of the list, with the reason in the log; gives its number.

    What was submitted and judged is void, and the task goes back to todo, reserved for who had it. Refused: by a
    worker of the task (OwnWork), by anyone but its creator and humans (MayNotAmend), to an empty list (Invalid), when
    finished (Finished), and when `seen`, the version that the caller amends, is not the one in force (Outdated).
    """
    with transactions.change():
        row = queue.lock_task(task.pk)
        _refuse_who(row, by)
        if not texts:
            raise Invalid(
                {"done_criteria": ["A task is done when something is true; name at least one."]},
                fix=f"POST /tasks/{row.ref}/criteria with all that must be true.",
            )
        _refuse_outdated(row, seen)
        version = row.criteria_version + 1
        insert([(row.pk, version, texts)])
        Submission.objects.filter(task=row, voided_at=None).update(voided_at=now)
        waits = row.status == Status.TODO or row.assignee_id is None
        changes = {
            "criteria_version": version,
            "criteria_count": len(texts),
            "reserved_until": row.reserved_until if waits else now + settings.RESERVE_FOR,
            "asks_human": asking.left(row.asks_human, by=by),
        }
        if not lifecycle.move(
            row.pk, "amend", now=now, by=by, changes=changes, version=version, reason=reason
        ):
            raise _finished(row)
        comments.append(
            row.pk, by=by, kind="move", text=f"amend criteria to version {version}: {reason}", now=now
        )
    return version


def refuse_amending(task: Task, *, by: Agent) -> None:
    """Refuse what `amend` would refuse `by`, with the task as it is, whatever the new list."""
    _refuse_who(task, by)
    if task.status in FINISHED:
        raise _finished(task)


def _refuse_outdated(task: Task, seen: int | None) -> None:
    if seen not in (None, task.criteria_version):
        raise Outdated(
            f"The done criteria of {task.ref} are at version {task.criteria_version} by now, not {seen}.",
            fix=f"GET /tasks/{task.ref} shows them; amend those.",
        )


def _frozen(task: Task) -> CriteriaFrozen:
    return CriteriaFrozen(
        f"The done criteria of {task.ref} were frozen when it was first claimed.",
        fix=f"Its creator or a human amends them: POST /tasks/{task.ref}/criteria with a reason.",
    )


def _finished(task: Task) -> Finished:
    return Finished(f"{task.ref} is {task.status}.", fix=f"POST /tasks/{task.ref}/reopen first.")


def _refuse_who(row: Task, by: Agent) -> None:
    if attempts.has_worked(by, task_id=row.pk):
        raise OwnWork(
            f"{by.name} has worked on {row.ref}, and a worker does not change what it is measured by.",
            fix=f"POST /tasks/{row.ref}/comments with kind question asks its creator or a human to do it.",
        )
    if by.kind != Agent.Kind.HUMAN and by.pk != row.created_by_id:
        raise MayNotAmend(
            f"The criteria of {row.ref} are amended by its creator or a human; {by.name} is neither.",
            fix=f"POST /tasks/{row.ref}/comments with kind question asks one of them to do it.",
        )
