"""Editing: changing what a task says, never its status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError

from tasks.domain import (
    agents,
    asking,
    attempts,
    authoring,
    criteria,
    dependencies,
    due,
    events,
    lanes,
    leases,
    projects,
    reservations,
    reviewers,
    transactions,
)
from tasks.domain.refusals import Conflict, Denied, Invalid
from tasks.models import FINISHED, Agent, Project, Status, Task, TaskLabel
from tasks.queries import queue, references

_PLAIN = ("title", "description", "priority", "due_at", "external_id")


class Closed(Conflict):
    """The task is done or cancelled."""


class NotTodo(Conflict):
    """The field can be changed while the task is todo only."""


class NotYours(Denied):
    """A review under way is passed on by the task's creator, its reviewer or a human."""


class OwnWork(Denied):
    """A worker of a task can neither choose nor change its reviewer."""

    code = "own_work"


def edit(task: Task, *, by: Agent, now: datetime, **changes: Any) -> None:
    """Set fields of a task, all or none; `changes` are fields of `authoring.Draft` with its types.

    Refused: anything on a done or cancelled task (Closed); `assignee`, `depends_on`, `not_before`, `skills` and
    `project` unless it is todo (NotTodo, NotReservable); `done_criteria` after the first claim (CriteriaFrozen);
    `reviewer` by a worker of the task (OwnWork) or set to its assignee or a worker (Invalid), and of a task in review
    by anyone but its creator, its reviewer and humans (NotYours); a circular or unknown dependency and an `external_id`
    that is taken (Invalid).
    """
    try:
        with transactions.change():
            _resolve(task, changes, now=now)
            row = queue.lock_task(task.pk)
            if due.catch_up_one(row.pk, now=now):
                row = queue.lock_task(row.pk)
            _apply(row, changes, by=by, now=now)
            events.record("task.edited", now=now, task_id=task.pk, by=by, fields=sorted(changes))
    except IntegrityError:
        # Somebody may have taken the external_id between the look and the write.
        _refuse_taken(task, changes)
        raise


def refuse(task: Task, fields: Iterable[str], *, by: Agent) -> None:
    """Refuse what `edit` would refuse `by`, with the task as it is, whatever the new values of these fields."""
    if task.status in FINISHED:
        raise Closed(f"{task.ref} is {task.status}.", fix=f"POST /tasks/{task.ref}/reopen first.")
    changed = set(fields)
    for name, gate in _GATES.items():
        if name in changed:
            gate(task, by)


def _resolve(task: Task, changes: dict[str, Any], *, now: datetime) -> None:
    """Put rows in the place of names. In the order in which authoring does it and before the task is locked: two calls
    that make the same agent or project wait for each other here, and must not hold what the other needs."""
    if "depends_on" in changes:
        dependencies.lock_graph()
    roles = {changes[role]: role for role in ("assignee", "reviewer") if changes.get(role)}
    found, _ = agents.find_or_register_all(roles, now=now)
    for role in ("assignee", "reviewer"):
        if role in changes:
            changes[role] = found[changes[role]] if changes[role] else None
    if "project" in changes:
        changes["project"] = projects.find_or_create(changes["project"], now=now)
    if "depends_on" in changes:
        changes["depends_on"] = dependencies.named(changes["depends_on"], project_id=task.project_id)
        dependencies.lock_to_link(task.pk, changes["depends_on"])


def _apply(row: Task, changes: dict[str, Any], *, by: Agent, now: datetime) -> None:
    refuse(row, changes, by=by)
    if {"assignee", "reviewer"} <= changes.keys():
        # Each is checked against the other, so the old assignee makes room before both are set.
        _set_assignee(row, None, by, now)
    for name in (name for name in _SPECIAL if name in changes):
        _SPECIAL[name](row, changes[name], by, now)
    if changes.keys() & {"external_id", "project"}:
        _refuse_taken(row, changes)
    columns = {name: value for name, value in changes.items() if name in _PLAIN}
    if changes.keys() & {"reviewer", "project", "skills"}:
        columns |= _place(row, changes)
    Task.objects.filter(pk=row.pk).update(**columns, updated_at=now)


def _refuse_taken(row: Task, changes: dict[str, Any]) -> None:
    external = changes.get("external_id", row.external_id)
    project: Project = changes.get("project", row.project)
    if external and references.by_external_id(project.pk, [external]).get(external, row.pk) != row.pk:
        raise Invalid({"external_id": [f"Another task has '{external}'."]}, fix="Use another external_id.")


def _place(row: Task, changes: dict[str, Any]) -> dict[str, Any]:
    project: Project = changes.get("project", row.project)
    lane = lanes.for_task(
        project_id=project.pk, reviewer_id=row.reviewer_id, skills=changes.get("skills", row.lane.skills)
    )
    return {"project": project, "lane": lane}


def _refuse_unless_todo(field: str, row: Task, by: Agent) -> None:
    if row.status != Status.TODO:
        raise NotTodo(
            f"{row.ref} is {row.status}; {field} can be changed while it is todo.",
            fix=f"POST /tasks/{row.ref}/comments tells its holder instead.",
        )


def _refuse_choosing_reviewer(row: Task, by: Agent) -> None:
    if attempts.has_worked(by, task_id=row.pk):
        raise OwnWork(
            f"{by.name} has worked on {row.ref}, and a worker does not choose its reviewer.",
            fix=f"POST /tasks/{row.ref}/comments asks its creator or a human to do it.",
        )
    has_a_say = asking.is_human(by) or by.pk in (row.created_by_id, row.reviewer_id)
    if row.status == Status.VALIDATING and not has_a_say:
        raise NotYours(
            f"The review of {row.ref} is passed on by its creator, its reviewer or a human;"
            f" {by.name} is none of them.",
            fix=f"GET /reviews/next?agent={by.name} gives you one to review.",
        )


def _set_criteria(row: Task, texts: Sequence[str], by: Agent, now: datetime) -> None:
    criteria.rewrite(row, texts, now=now)


def _set_labels(row: Task, labels: Sequence[str], by: Agent, now: datetime) -> None:
    wanted = authoring.unique(labels)
    TaskLabel.objects.filter(task=row).exclude(label__in=wanted).delete()
    kept = set(TaskLabel.objects.filter(task=row).values_list("label", flat=True))
    TaskLabel.objects.bulk_create([TaskLabel(task=row, label=label) for label in wanted if label not in kept])


def _set_dependencies(row: Task, depends_on: set[int], by: Agent, now: datetime) -> None:
    dependencies.replace(row.pk, depends_on)


def _set_not_before(row: Task, time: datetime | None, by: Agent, now: datetime) -> None:
    deferred = time is not None and time > now
    Task.objects.filter(pk=row.pk).update(not_before=time, deferred=deferred)


def _set_stale_after(row: Task, seconds: int | None, by: Agent, now: datetime) -> None:
    columns: dict[str, Any] = {"stale_after": seconds}
    if row.status == Status.DOING:
        # The holder's time counts from its last word, as if the task had said so from the start.
        assert row.last_word_at is not None
        terms = leases.terms(seconds, now=row.last_word_at)
        columns |= terms | {"flagged_at": row.flagged_at if terms["stale_at"] <= now else None}
    Task.objects.filter(pk=row.pk).update(**columns)


def _set_assignee(row: Task, agent: Agent | None, by: Agent, now: datetime) -> None:
    reservations.reserve(row, agent, by=by, now=now)
    row.assignee = agent


def _set_reviewer(row: Task, agent: Agent | None, by: Agent, now: datetime) -> None:
    if agent and (agent.pk == row.assignee_id or attempts.has_worked(agent, task_id=row.pk)):
        raise Invalid(
            {"reviewer": [f"{agent.name} is a worker of {row.ref}; its reviewer is someone else."]},
            fix="Name an agent that has not worked on it; GET /agents lists them.",
        )
    if row.status == Status.VALIDATING:
        _pass_on(row, agent, by, now)
        return
    row.reviewer = agent
    Task.objects.filter(pk=row.pk).update(reviewer=agent)


def _pass_on(row: Task, agent: Agent | None, by: Agent, now: datetime) -> None:
    """Give a review under way to another, with REVIEW_AFTER to judge it; null: whom the board chooses, but not to the
    one who had it."""
    found = agent or reviewers.choose(row, now=now, but=row.reviewer)
    Task.objects.filter(pk=row.pk).update(**reviewers.assigned(row, found, now=now))
    row.reviewer = found
    events.record(
        "task.review_passed", now=now, task_id=row.pk, by=by, reviewer=found.name if found else None
    )


_SPECIAL: dict[str, Callable[[Task, Any, Agent, datetime], None]] = {
    "done_criteria": _set_criteria,
    "labels": _set_labels,
    "depends_on": _set_dependencies,
    "not_before": _set_not_before,
    "stale_after": _set_stale_after,
    "reviewer": _set_reviewer,
    "assignee": _set_assignee,
}
# Who may change a field, and when. `project` and `skills` are facts of the lane, which is changed once for both.
_GATES: dict[str, Callable[[Task, Agent], None]] = {
    "done_criteria": lambda row, by: criteria.refuse_rewriting(row),
    "depends_on": partial(_refuse_unless_todo, "depends_on"),
    "not_before": partial(_refuse_unless_todo, "not_before"),
    "reviewer": _refuse_choosing_reviewer,
    "assignee": lambda row, by: reservations.refuse(row),
    "project": partial(_refuse_unless_todo, "project and skills"),
    "skills": partial(_refuse_unless_todo, "project and skills"),
}
