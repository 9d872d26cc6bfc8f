"""References: what the ids people and agents write mean (`T-12`, `t-12`, `12`, an `external_id`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from tasks.models import FINISHED, Project, Task
from tasks.queries import search

_T = TypeVar("_T")
# SQLite takes 32,766 parameters in a statement, and a call of 1 MiB may name more tasks than that.
_AT_ONCE = 10_000
_TASK_ID = re.compile(r"(?:[Tt]-)?([1-9][0-9]{0,17})")


def task_id(ref: str) -> int | None:
    """The number in `T-12`, `t-12` or `12`; None for anything else."""
    match = _TASK_ID.fullmatch(ref) if ref.isascii() else None
    return int(match[1]) if match else None


def existing(refs: Iterable[str]) -> dict[str, int]:
    """Which of these references name a task there is, and its id."""
    numbers = {ref: number for ref in refs if (number := task_id(ref))}
    there: set[int] = set()
    for some in _parts(set(numbers.values())):
        there.update(Task.objects.filter(pk__in=some).values_list("pk", flat=True))
    return {ref: number for ref, number in numbers.items() if number in there}


def by_external_id(project_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """The ids of the tasks of a project that have these external ids."""
    ids: dict[str, int] = {}
    for some in _parts(set(external_ids)):
        found = Task.objects.filter(project_id=project_id, external_id__in=some)
        ids.update(found.values_list("external_id", "pk"))  # type: ignore[arg-type]
    return ids


def unfinished(task_ids: set[int]) -> set[int]:
    """Those of these tasks that are neither done nor cancelled."""
    ids: set[int] = set()
    for some in _parts(task_ids):
        open_tasks = Task.objects.filter(pk__in=some).exclude(status__in=FINISHED)
        ids.update(open_tasks.values_list("pk", flat=True))
    return ids


def nearest(ref: str) -> list[str]:
    """Up to three tasks somebody may have meant by `ref`, as `T-9 (title)`: by external id, by words, or the newest."""
    tasks = Task.objects.order_by("-pk")
    ref = ref.replace("\0", "")
    # With the projects named, because the index of external ids begins with them.
    named = tasks.filter(
        project__in=list(Project.objects.values_list("pk", flat=True)), external_id=ref[:200]
    )
    found = list(named[:1]) or list(search.matching(tasks, ref[:100])[:3])
    return [f"{task.ref} ({task.title[:40]})" for task in found or tasks[:1]]


def _parts(values: Collection[_T]) -> Iterator[list[_T]]:
    every = list(values)
    return (every[at : at + _AT_ONCE] for at in range(0, len(every), _AT_ONCE))
