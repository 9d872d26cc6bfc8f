"""Authoring: writing tasks down, one or a thousand at once, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import NoReturn

from django.db import IntegrityError

from tasks.domain import agents, criteria, dependencies, events, lanes, projects, transactions
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Dependency, Lane, Project, Status, Task, TaskLabel
from tasks.queries import references


@dataclass(frozen=True)
class Draft:
    """A task to be. `depends_on` names existing tasks (`T-12`) or the `external_id` of a task of the same project
    or of another draft of the same call; `reviewer` and `assignee` are names; `stale_after` is in seconds."""

    title: str
    description: str = ""
    done_criteria: Sequence[str] = ()
    priority: int = 2
    reviewer: str | None = None
    assignee: str | None = None
    depends_on: Sequence[str] = ()
    labels: Sequence[str] = ()
    skills: Sequence[str] = ()
    project: str = Project.DEFAULT
    due_at: datetime | None = None
    not_before: datetime | None = None
    stale_after: int | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class Written:
    """The new tasks in the order of their drafts, and the agents that were registered because a draft named them."""

    tasks: list[Task]
    new_agents: list[Agent]


@dataclass
class _Plan:
    """The drafts of one call with what their names mean: rows of tasks and edges between positions or ids."""

    drafts: Sequence[Draft]
    agents: dict[str, Agent] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    lanes: dict[lanes.Place, Lane] = field(default_factory=dict)
    inner: dict[int, set[int]] = field(default_factory=dict)  # position -> positions it waits for
    outer: dict[int, set[int]] = field(default_factory=dict)  # position -> ids of existing tasks
    unfinished: set[int] = field(default_factory=set)  # those of the existing tasks that still hold others up


def write(drafts: Sequence[Draft], *, by: Agent, now: datetime) -> Written:
    """Write the tasks down, in their order. Nothing is written unless all can be.

    Refused as Invalid, naming the draft by its position (`tasks[3].depends_on`) where there are several: an unknown or
    circular dependency, an `external_id` that is taken, an assignee who is the reviewer.
    """
    plan = _Plan(drafts)
    try:
        with transactions.change():
            return _write(plan, by=by, now=now)
    except IntegrityError:
        # Somebody may have taken an external_id between the look and the write.
        _refuse_taken(plan)
        raise


def _write(plan: _Plan, *, by: Agent, now: datetime) -> Written:
    if any(draft.depends_on for draft in plan.drafts):
        dependencies.lock_graph()
    new_agents = _resolve(plan, now=now)
    blockers = set().union(*plan.outer.values())
    dependencies.lock_blockers(blockers)
    plan.unfinished = references.unfinished(blockers)
    plan.lanes = lanes.for_tasks({_place_in_queue(plan, draft) for draft in plan.drafts})
    rows = [_row(plan, at, by=by, now=now) for at in range(len(plan.drafts))]
    tasks = Task.objects.bulk_create(rows, batch_size=500)
    _attach(plan, tasks)
    events.record_many("task.created", [task.pk for task in tasks], now=now, by=by)
    return Written(tasks, new_agents)


def _resolve(plan: _Plan, *, now: datetime) -> list[Agent]:
    named: dict[str, str] = {}
    for at, draft in enumerate(plan.drafts):
        for role, name in (("reviewer", draft.reviewer), ("assignee", draft.assignee)):
            if name:
                named.setdefault(name, _place(plan, at, role))
    plan.agents, new_agents = agents.find_or_register_all(named, now=now)
    for at, draft in enumerate(plan.drafts):
        if draft.assignee and plan.agents[draft.assignee] == plan.agents.get(draft.reviewer or ""):
            _refuse(plan, at, "assignee", f"{draft.assignee} is the reviewer; the assignee is someone else.")
    for project in sorted({draft.project for draft in plan.drafts}):
        plan.projects[project] = projects.find_or_create(project, now=now)
    _refuse_taken(plan)
    _resolve_dependencies(plan)
    return new_agents


def _refuse_taken(plan: _Plan) -> None:
    seen: set[tuple[str, str]] = set()
    for at, draft in enumerate(plan.drafts):
        if draft.external_id is None:
            continue
        if (draft.project, draft.external_id) in seen:
            _refuse(plan, at, "external_id", f"'{draft.external_id}' stands twice in this call.")
        seen.add((draft.project, draft.external_id))
    for name, project in plan.projects.items():
        wanted = {
            external: at
            for at, d in enumerate(plan.drafts)
            if d.project == name and (external := d.external_id)
        }
        for external, task_id in references.by_external_id(project.pk, wanted).items():
            _refuse(plan, wanted[external], "external_id", f"T-{task_id} has '{external}' already.")


def _resolve_dependencies(plan: _Plan) -> None:
    positions = {(d.project, d.external_id): at for at, d in enumerate(plan.drafts) if d.external_id}
    named = {ref for draft in plan.drafts for ref in draft.depends_on}
    known = references.existing(named)
    external = {
        name: references.by_external_id(
            project.pk, {ref for draft in plan.drafts if draft.project == name for ref in draft.depends_on}
        )
        for name, project in plan.projects.items()
    }
    for at, draft in enumerate(plan.drafts):
        for ref in draft.depends_on:
            if (draft.project, ref) in positions:
                plan.inner.setdefault(at, set()).add(positions[draft.project, ref])
            elif task_id := (external[draft.project].get(ref) or known.get(ref)):
                plan.outer.setdefault(at, set()).add(task_id)
            else:
                _refuse(plan, at, "depends_on", f"There is no task '{ref}'.")
    try:
        TopologicalSorter(plan.inner).prepare()
    except CycleError as error:
        cycle = [plan.drafts[at].external_id for at in error.args[1]]
        named_cycle = " waits for ".join(str(external) for external in reversed(cycle))
        _refuse(plan, error.args[1][0], "depends_on", f"The dependencies go in a circle: {named_cycle}.")


def _row(plan: _Plan, at: int, *, by: Agent, now: datetime) -> Task:
    draft = plan.drafts[at]
    return Task(
        title=draft.title,
        description=draft.description,
        project=plan.projects[draft.project],
        lane=plan.lanes[_place_in_queue(plan, draft)],
        status=Status.TODO,
        status_since=now,
        priority=draft.priority,
        created_by=by,
        assignee=plan.agents.get(draft.assignee or ""),
        reviewer=plan.agents.get(draft.reviewer or ""),
        criteria_version=1 if draft.done_criteria else 0,
        criteria_count=len(draft.done_criteria),
        open_blockers=len(plan.inner.get(at, ())) + len(plan.outer.get(at, set()) & plan.unfinished),
        not_before=draft.not_before,
        deferred=draft.not_before is not None and draft.not_before > now,
        stale_after=draft.stale_after,
        due_at=draft.due_at,
        external_id=draft.external_id,
        created_at=now,
        updated_at=now,
    )


def _place_in_queue(plan: _Plan, draft: Draft) -> lanes.Place:
    reviewer_id = plan.agents[draft.reviewer].pk if draft.reviewer else None
    return plan.projects[draft.project].pk, reviewer_id, frozenset(draft.skills)


def _attach(plan: _Plan, tasks: list[Task]) -> None:
    criteria.insert(
        [(task.pk, 1, draft.done_criteria) for task, draft in zip(tasks, plan.drafts, strict=True)]
    )
    TaskLabel.objects.bulk_create(
        [
            TaskLabel(task=task, label=label)
            for task, draft in zip(tasks, plan.drafts, strict=True)
            for label in unique(draft.labels)
        ],
        batch_size=500,
    )
    edges = [(tasks[at].pk, tasks[other].pk) for at, others in plan.inner.items() for other in sorted(others)]
    edges += [(tasks[at].pk, task_id) for at, ids in plan.outer.items() for task_id in sorted(ids)]
    Dependency.objects.bulk_create(
        [Dependency(task_id=task, depends_on_id=other) for task, other in edges], batch_size=500
    )


def unique(names: Iterable[str]) -> list[str]:
    """The names in their order, each once."""
    return list(dict.fromkeys(names))


def _place(plan: _Plan, at: int, field_name: str) -> str:
    return field_name if len(plan.drafts) == 1 else f"tasks[{at}].{field_name}"


def _refuse(plan: _Plan, at: int, field_name: str, text: str) -> NoReturn:
    place = _place(plan, at, field_name)
    raise Invalid({place: [text]}, fix=f"Correct {place} and send the whole call again; nothing was written.")
