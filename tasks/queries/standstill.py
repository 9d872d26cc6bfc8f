"""Standstill: why a task does not go on, for many tasks in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tasks import durations
from tasks.models import FINISHED, Agent, Block, Dependency, Status, Task
from tasks.queries import presence

_CUT = 200
_NAMED = 5
# Edges looked at, of all tasks together.
_EDGES = 1000


class Hitch(StrEnum):
    """What a task can be held up by."""

    KEPT = "kept"
    NO_CRITERIA = "no_criteria"
    MISCOUNTED = "miscounted"
    WAITS = "waits"
    DEFERRED = "deferred"
    UNSKILLED = "unskilled"
    SILENT = "silent"
    BLOCKED = "blocked"
    UNREVIEWED = "unreviewed"
    ASKS = "asks"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Standstill:
    """One thing that holds a task up, and what is true of it now in a sentence."""

    hitch: Hitch
    says: str


@dataclass
class _Seen:
    """What is known besides the rows of the tasks."""

    now: datetime
    blocks: dict[int, Block] = field(default_factory=dict)
    waits: dict[int, list[Task]] = field(default_factory=lambda: defaultdict(list))
    waits_whole: bool = True
    skills: list[frozenset[str]] | None = None


def of(task: Task, *, now: datetime) -> list[Standstill]:
    """What holds up one task; needs the same rows loaded as `of_each`."""
    return of_each([task], now=now)[task.pk]


def of_each(tasks: Sequence[Task], *, now: datetime) -> dict[int, list[Standstill]]:
    """What holds up each of these tasks, the first to be seen to first; empty where nothing does.

    Three queries at most. Needs `assignee`, `reviewer` and `lane` loaded.
    """
    seen = _look(tasks, now=now)
    return {
        task.pk: [
            Standstill(hitch, says)
            for hitch, look in _LOOKS.get(Status(task.status), ())
            if (says := look(task, seen))
        ]
        for task in tasks
    }


def _look(tasks: Sequence[Task], *, now: datetime) -> _Seen:
    seen = _Seen(now)
    blocked = [task.pk for task in tasks if task.status == Status.BLOCKED]
    waiting = [task.pk for task in tasks if task.open_blockers]
    if blocked:
        stops = Block.objects.filter(task__in=blocked, ended_at=None)
        seen.blocks = {stop.task_id: stop for stop in stops}
    if waiting:
        edges = Dependency.objects.filter(task__in=waiting).exclude(depends_on__status__in=FINISHED)
        found = list(edges.select_related("depends_on").order_by("task_id", "depends_on_id")[:_EDGES])
        seen.waits_whole = len(found) < _EDGES
        for edge in found:
            seen.waits[edge.task_id].append(edge.depends_on)
    if any(task.status == Status.TODO and task.lane.skills and not task.assignee for task in tasks):
        here = Agent.objects.filter(presence.here(now))
        seen.skills = [frozenset(skills) for skills in here.values_list("skills", flat=True)]
    return seen


def _kept(task: Task, seen: _Seen) -> str | None:
    agent = task.assignee
    if agent is None:
        return None
    if agent.paused_until and agent.paused_until > seen.now:
        return f"Kept for {agent.name}, who is paused."
    missing = sorted(set(task.lane.skills) - set(agent.skills))
    if missing:
        return f"Kept for {agent.name}, who lacks the skills it needs: {_listed(missing)}."
    return (
        None if presence.is_here(agent, now=seen.now) else f"Kept for {agent.name}, {_unseen(agent, seen)}."
    )


def _no_criteria(task: Task, seen: _Seen) -> str | None:
    return None if task.criteria_count else "It has no done criteria, so nobody is given it."


def _miscounted(task: Task, seen: _Seen) -> str | None:
    wrong = task.open_blockers and seen.waits_whole and not seen.waits[task.pk]
    return "It counts as waiting, but all it waits for is finished." if wrong else None


def _waits(task: Task, seen: _Seen) -> str | None:
    if not task.open_blockers or _miscounted(task, seen):
        return None
    named = [f"{one.ref} ({one.status})" for one in seen.waits[task.pk][:_NAMED]]
    more = task.open_blockers - len(named)
    return f"Waits for {_listed(named + [f'{more} more'] * (more > 0))}."


def _deferred(task: Task, seen: _Seen) -> str | None:
    if not task.not_before or task.not_before <= seen.now:
        return None
    return f"Not to be started before {task.not_before:%Y-%m-%d %H:%M} UTC."


def _unskilled(task: Task, seen: _Seen) -> str | None:
    needed = set(task.lane.skills)
    if task.assignee or not needed or any(needed <= skills for skills in seen.skills or ()):
        return None
    return f"Nobody who is here has the skills it needs: {_listed(sorted(needed))}."


def _silent(task: Task, seen: _Seen) -> str | None:
    holder, now = task.assignee, seen.now
    assert holder
    if task.lease_expires_at and task.lease_expires_at <= now:
        return f"The lease of {holder.name} ran out {_ago(task.lease_expires_at, now)}."
    if not presence.is_here(holder, now=now):
        return f"Held by {holder.name}, {_unseen(holder, seen)}."
    if task.stale_at and task.stale_at <= now and task.last_word_at:
        return f"{holder.name} wrote its last word {_ago(task.last_word_at, now)}."
    return None


def _blocked(task: Task, seen: _Seen) -> str | None:
    stop = seen.blocks.get(task.pk)
    told = f": {_cut(stop.reason).rstrip('.')}. Needs: {_cut(stop.needs)}" if stop else "."
    return f"Blocked {_ago(task.status_since, seen.now)}{told}"


def _unreviewed(task: Task, seen: _Seen) -> str | None:
    reviewer, now = task.reviewer, seen.now
    if reviewer is None:
        return "Nobody is there to review it."
    if task.review_until and task.review_until <= now:
        return f"{reviewer.name} was to review it; the time for it ran out {_ago(task.review_until, now)}."
    if reviewer.kind == Agent.Kind.AGENT and not presence.is_here(reviewer, now=now):
        return f"To be reviewed by {reviewer.name}, {_unseen(reviewer, seen)}."
    return None


def _asks(task: Task, seen: _Seen) -> str | None:
    return f"Asks a human: {task.asks_human}" if task.asks_human else None


def _done(task: Task, seen: _Seen) -> str | None:
    return f"Done by {task.done_via}."


def _cancelled(task: Task, seen: _Seen) -> str | None:
    return "It was given up."


_LOOKS: dict[Status, list[tuple[Hitch, Callable[[Task, _Seen], str | None]]]] = {
    Status.TODO: [
        (Hitch.KEPT, _kept),
        (Hitch.MISCOUNTED, _miscounted),
        (Hitch.DEFERRED, _deferred),
        (Hitch.ASKS, _asks),
        (Hitch.NO_CRITERIA, _no_criteria),
        (Hitch.WAITS, _waits),
        (Hitch.UNSKILLED, _unskilled),
    ],
    Status.DOING: [(Hitch.SILENT, _silent), (Hitch.ASKS, _asks)],
    Status.BLOCKED: [(Hitch.BLOCKED, _blocked)],
    Status.VALIDATING: [(Hitch.UNREVIEWED, _unreviewed), (Hitch.ASKS, _asks)],
    Status.DONE: [(Hitch.DONE, _done)],
    Status.CANCELLED: [(Hitch.CANCELLED, _cancelled)],
}


def _unseen(agent: Agent, seen: _Seen) -> str:
    if agent.last_seen_at is None:
        return "who was never seen"
    return f"who was last seen {_ago(agent.last_seen_at, seen.now)}"


def _ago(time: datetime, now: datetime) -> str:
    seconds = (now - time).total_seconds()
    return f"{durations.coarse(seconds)} ago" if seconds >= 60 else "just now"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else f"{text[:_CUT]}…"
