"""Done criteria: written before the work, frozen at the first claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from tasks.domain.refusals import Conflict
from tasks.models import Criterion, Status, Task


class CriteriaFrozen(Conflict):
    """The task has been claimed, so its criteria stand as they are."""


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
        raise CriteriaFrozen(
            f"The done criteria of {task.ref} were frozen when it was first claimed.",
            fix=f"POST /tasks/{task.ref}/comments says what is wrong with them; they stay as they are.",
        )
    Criterion.objects.filter(task=task).delete()
    insert([(task.pk, 1, texts)])
