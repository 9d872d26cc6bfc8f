"""References: what the ids people and agents write mean (`T-12`, `t-12`, `12`, an `external_id`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from tasks.models import Status, Task
from tasks.queries import search

_TASK_ID = re.compile(r"(?:[Tt]-)?([1-9][0-9]{0,17})")


def task_id(ref: str) -> int | None:
    """The number in `T-12`, `t-12` or `12`; None for anything else."""
    match = _TASK_ID.fullmatch(ref) if ref.isascii() else None
    return int(match[1]) if match else None


def existing(refs: Iterable[str]) -> dict[str, int]:
    """Which of these references name a task there is, and its id."""
    numbers = {ref: number for ref in refs if (number := task_id(ref))}
    there = set(Task.objects.filter(pk__in=set(numbers.values())).values_list("pk", flat=True))
    return {ref: number for ref, number in numbers.items() if number in there}


def by_external_id(project_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """The ids of the tasks of a project that have these external ids."""
    if not external_ids:
        return {}
    found = Task.objects.filter(project_id=project_id, external_id__in=list(external_ids))
    return dict(found.values_list("external_id", "pk"))  # type: ignore[arg-type]


def unfinished(task_ids: set[int]) -> set[int]:
    """Those of these tasks that are neither done nor cancelled."""
    if not task_ids:
        return set()
    finished = (Status.DONE, Status.CANCELLED)
    return set(Task.objects.filter(pk__in=task_ids).exclude(status__in=finished).values_list("pk", flat=True))


def nearest(ref: str) -> list[str]:
    """Up to three tasks somebody may have meant by `ref`, as `T-9 (title)`: by external id, by words, or the newest."""
    tasks = Task.objects.order_by("-pk")
    ref = ref.replace("\0", "")
    found = list(tasks.filter(external_id=ref[:200])[:1]) or list(search.matching(tasks, ref[:100])[:3])
    return [f"{task.ref} ({task.title[:40]})" for task in found or tasks[:1]]
