"""Editing: changing what a task says, never its status."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tasks.domain import (
    agents,
    attempts,
    authoring,
    criteria,
    dependencies,
    events,
    lanes,
    projects,
    reservations,
    transactions,
)
from tasks.domain.refusals import Conflict, Denied, Invalid
from tasks.models import Agent, Status, Task, TaskLabel
from tasks.queries import queue, references

_CLOSED = (Status.DONE, Status.CANCELLED)
_PLAIN = ("title", "description", "priority", "due_at", "stale_after", "external_id")


class Closed(Conflict):
    """The task is done or cancelled."""


class NotTodo(Conflict):
    """The field can be changed while the task is todo only."""


class OwnWork(Denied):
    """A worker of a task can neither choose nor change its reviewer."""

    code = "own_work"


def edit(task: Task, *, by: Agent, now: datetime, **changes: Any) -> None:
    """Set fields of a task, all or none; `changes` are fields of `authoring.Draft` with its types.

    Refused: anything on a done or cancelled task (Closed); `assignee`, `depends_on`, `not_before` and `skills` unless
    it is todo (NotTodo); `done_criteria` after the first claim (CriteriaFrozen); `reviewer` by a worker of the task
    (OwnWork) or set to its assignee or a worker (Invalid); a circular or unknown dependency (Invalid).
    """
    with transactions.change():
        if "depends_on" in changes:
            dependencies.lock_around(task.pk, _referred(task, changes["depends_on"]))
        row = queue.lock_task(task.pk)
        if row.status in _CLOSED:
            raise Closed(f"{row.ref} is {row.status}.", fix=f"POST /tasks/{row.ref}/reopen first.")
        plain = {name: value for name, value in changes.items() if name in _PLAIN}
        _refuse_taken(row, row.project_id, plain.get("external_id"))
        Task.objects.filter(pk=row.pk).update(**plain, updated_at=now)
        for role in {"assignee", "reviewer"} & changes.keys():
            name = changes[role]
            changes[role] = agents.find_or_register(name, now=now, field=role)[0] if name else None
        if {"assignee", "reviewer"} <= changes.keys():
            # Each is checked against the other, so the old assignee makes room before both are set.
            _set_assignee(row, None, by, now)
        for name in (name for name in _SPECIAL if name in changes):
            _SPECIAL[name](row, changes[name], by, now)
        if changes.keys() & {"reviewer", "project", "skills"}:
            _change_lane(row, changes, now=now)
        events.record("task.edited", now=now, task_id=row.pk, by=by, fields=sorted(changes))


def _refuse_taken(row: Task, project_id: int, external: str | None) -> None:
    if external and references.by_external_id(project_id, [external]).get(external, row.pk) != row.pk:
        raise Invalid({"external_id": [f"Another task has '{external}'."]}, fix="Use another external_id.")


def _refuse_unless_todo(row: Task, field: str) -> None:
    if row.status != Status.TODO:
        raise NotTodo(
            f"{row.ref} is {row.status}; {field} can be changed while it is todo.",
            fix=f"POST /tasks/{row.ref}/comments tells its holder instead.",
        )


def _set_criteria(row: Task, texts: Sequence[str], by: Agent, now: datetime) -> None:
    criteria.rewrite(row, texts, now=now)


def _set_labels(row: Task, labels: Sequence[str], by: Agent, now: datetime) -> None:
    wanted = authoring.unique(labels)
    TaskLabel.objects.filter(task=row).exclude(label__in=wanted).delete()
    kept = set(TaskLabel.objects.filter(task=row).values_list("label", flat=True))
    TaskLabel.objects.bulk_create([TaskLabel(task=row, label=label) for label in wanted if label not in kept])


def _set_dependencies(row: Task, refs: Sequence[str], by: Agent, now: datetime) -> None:
    _refuse_unless_todo(row, "depends_on")
    dependencies.replace(row.pk, _referred(row, refs))


def _referred(row: Task, refs: Sequence[str]) -> set[int]:
    known = references.existing(refs) | references.by_external_id(row.project_id, refs)
    if unknown := [ref for ref in refs if ref not in known]:
        names = ", ".join(unknown)
        raise Invalid(
            {"depends_on": [f"There is no task {names}."]}, fix="GET /tasks?q=WORDS finds the right one."
        )
    return set(known.values())


def _set_not_before(row: Task, time: datetime | None, by: Agent, now: datetime) -> None:
    _refuse_unless_todo(row, "not_before")
    deferred = time is not None and time > now
    Task.objects.filter(pk=row.pk).update(not_before=time, deferred=deferred)


def _set_assignee(row: Task, agent: Agent | None, by: Agent, now: datetime) -> None:
    reservations.reserve(row, agent, by=by, now=now)
    row.assignee = agent


def _set_reviewer(row: Task, agent: Agent | None, by: Agent, now: datetime) -> None:
    if attempts.has_worked(by, task_id=row.pk):
        raise OwnWork(
            f"{by.name} has worked on {row.ref}, and a worker does not choose its reviewer.",
            fix=f"POST /tasks/{row.ref}/comments asks its creator or a human to do it.",
        )
    if agent and (agent.pk == row.assignee_id or attempts.has_worked(agent, task_id=row.pk)):
        raise Invalid(
            {"reviewer": [f"{agent.name} is a worker of {row.ref}; its reviewer is someone else."]},
            fix="Name an agent that has not worked on it; GET /agents lists them.",
        )
    row.reviewer = agent
    Task.objects.filter(pk=row.pk).update(reviewer=agent)


def _checked_by_lane(row: Task, value: Any, by: Agent, now: datetime) -> None:
    """`project` and `skills` are facts of the lane, which is changed once for both."""
    _refuse_unless_todo(row, "project and skills")


def _change_lane(row: Task, changes: dict[str, Any], *, now: datetime) -> None:
    project = projects.find_or_create(changes["project"], now=now) if "project" in changes else row.project
    _refuse_taken(row, project.pk, changes.get("external_id", row.external_id))
    lane = lanes.for_task(
        project_id=project.pk, reviewer_id=row.reviewer_id, skills=changes.get("skills", row.lane.skills)
    )
    Task.objects.filter(pk=row.pk).update(project=project, lane=lane)


_SPECIAL: dict[str, Callable[[Task, Any, Agent, datetime], None]] = {
    "done_criteria": _set_criteria,
    "labels": _set_labels,
    "depends_on": _set_dependencies,
    "not_before": _set_not_before,
    "reviewer": _set_reviewer,
    "assignee": _set_assignee,
    "project": _checked_by_lane,
    "skills": _checked_by_lane,
}
