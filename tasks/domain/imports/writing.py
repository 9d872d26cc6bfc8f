"""Writing: records as rows, in a bounded number of statements, with everything that follows from them.

What `authoring` would have made of the same tasks one by one is made here at once: lanes, counters, events. A finished
task comes in as its own history says, with `done_via` naming the import; every other one comes in as todo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection

from tasks.domain import agents, criteria, dependencies, events, lanes, projects
from tasks.domain.imports import bulk
from tasks.domain.imports.records import Record
from tasks.domain.imports.summary import Summary
from tasks.models import (
    Comment,
    Dependency,
    DoneVia,
    Lane,
    Project,
    Status,
    Task,
    TaskLabel,
)
from tasks.queries import references

# The ORM's bulk_update writes one CASE over all rows: a third of the time of a whole import.
_ADOPT = "UPDATE tasks_task SET parent_id = %s WHERE id = %s"


def write(
    new: Sequence[Record],
    summary: Summary,
    *,
    here: Mapping[str, int],
    default_criteria: Sequence[str],
    now: datetime,
    tick: Callable[[int], None],
) -> None:
    """Write the records down as tasks, oldest first, and count in `summary` what that came to.

    Its edges are resolved already; `here` has the ids of the tasks on the board that they lead to. Needs a transaction
    that holds the graph's lock. `tick` is told how many are written.
    """
    project = projects.find_or_create(summary.project, now=now)
    place = _Place(
        project=project,
        lane=lanes.for_task(project_id=project.pk, reviewer_id=None, skills=()),
        agents=_agents(new, summary, now=now),
        open_blockers=_open_blockers(new, summary, here),
        default_criteria=default_criteria,
        now=now,
        ids=dict(here),
    )
    oldest_first = sorted(new, key=lambda record: (record.created_at, record.line))
    for some in bulk.batches(oldest_first):
        tasks = Task.objects.bulk_create([_row(record, place) for record in some])
        _attach(list(zip(some, tasks, strict=True)), place)
        _count(some, tasks, summary)
        tick(summary.taken)
    _link(summary, place)


@dataclass(frozen=True)
class _Place:
    """Where the tasks go, and what is known of the board: ids by name and by record id, open blockers by record id."""

    project: Project
    lane: Lane
    agents: Mapping[str, int]
    open_blockers: Mapping[str, int]
    default_criteria: Sequence[str]
    now: datetime
    ids: dict[str, int] = field(default_factory=dict)

    def criteria(self, record: Record) -> Sequence[str]:
        """The record's own list, or the default one if it is still to be worked on."""
        return record.criteria or (() if record.finished else self.default_criteria)


def _agents(new: Sequence[Record], summary: Summary, *, now: datetime) -> dict[str, int]:
    names = sorted(set().union(*(record.agents() for record in new)))
    ids: dict[str, int] = {}
    for some in bulk.batches(names):
        found, added = agents.find_or_register_all(dict.fromkeys(some, "agent"), now=now)
        ids |= {name: agent.pk for name, agent in found.items()}
        summary.agents += len(added)
    return ids


def _open_blockers(new: Sequence[Record], summary: Summary, here: Mapping[str, int]) -> Counter[str]:
    finished = {record.id for record in new if record.finished}
    outside = {here[target] for _, target in summary.edges.waits_for if target in here}
    dependencies.lock_blockers(outside)
    unfinished = references.unfinished(outside)
    return Counter(
        task
        for task, target in summary.edges.waits_for
        if (here[target] in unfinished if target in here else target not in finished)
    )


def _row(record: Record, place: _Place) -> Task:
    count = len(place.criteria(record))
    reserved = record.assignee and not record.finished
    return Task(
        title=record.title,
        description=record.description,
        project=place.project,
        lane=place.lane,
        status=Status.DONE if record.finished else Status.TODO,
        status_since=record.finished_at or record.created_at,
        priority=record.priority,
        created_by_id=place.agents.get(record.created_by or ""),
        assignee_id=place.agents.get(record.assignee or ""),
        reserved_until=place.now + settings.RESERVE_FOR if reserved else None,
        criteria_version=min(count, 1),
        criteria_count=count,
        open_blockers=place.open_blockers.get(record.id, 0),
        not_before=record.not_before,
        deferred=record.not_before is not None and record.not_before > place.now,
        due_at=record.due_at,
        external_id=record.id,
        origin=record.origin,
        done_via=DoneVia.IMPORT if record.finished else None,
        finished_at=record.finished_at,
        created_at=record.created_at,
        updated_at=record.updated_at,
    )


def _attach(written: Sequence[tuple[Record, Task]], place: _Place) -> None:
    place.ids.update((record.id, task.pk) for record, task in written)
    criteria.insert([(task.pk, 1, place.criteria(record)) for record, task in written])
    labels = [TaskLabel(task=task, label=label) for record, task in written for label in record.labels]
    TaskLabel.objects.bulk_create(labels, batch_size=bulk.AT_ONCE)
    remarks = [
        Comment(
            task=task,
            author_id=place.agents.get(remark.author or ""),
            text=remark.text,
            created_at=remark.created_at,
        )
        for record, task in written
        for remark in record.remarks
    ]
    Comment.objects.bulk_create(remarks, batch_size=bulk.AT_ONCE)
    for status in (Status.TODO, Status.DONE):
        came = [task.pk for _, task in written if task.status == status]
        events.record_many("task.imported", came, now=place.now, source="beads", status=status)


def _count(some: Sequence[Record], tasks: Sequence[Task], summary: Summary) -> None:
    for record, task in zip(some, tasks, strict=True):
        summary.mapped.update(record.mapped)
        summary.comments += len(record.remarks)
        summary.finished += record.finished
        summary.ready += task.claimable
        summary.without_criteria += not record.finished and not task.criteria_count
    summary.taken += len(some)


def _link(summary: Summary, place: _Place) -> None:
    ids = place.ids
    adopted = sorted((ids[child], ids[parent]) for child, parent in summary.edges.parents.items())
    with connection.cursor() as cursor:
        cursor.executemany(_ADOPT, [(parent, child) for child, parent in adopted])
    waits_for = [
        Dependency(task_id=ids[task], depends_on_id=ids[target]) for task, target in summary.edges.waits_for
    ]
    Dependency.objects.bulk_create(waits_for, batch_size=bulk.AT_ONCE)
