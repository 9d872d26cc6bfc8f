"""Digests: the state of the board at one time, from the database alone. The same data gives the same digest.

Every list is bounded, worst first, beside its count, which stops at COUNTED_TO; the tasks in each state are counted
out, from an index. Ages are in seconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from tasks.models import Agent, Block, Event, Status, Task
from tasks.queries import human_needs, outcomes, presence, references, snapshots

LISTED = 20
COUNTED_TO = 1000
# Characters of what somebody wrote.
SAID = 200
# Agents whose presence is told one by one.
AGENTS = 200


def compute(*, since: datetime, now: datetime) -> dict[str, Any]:
    """The digest at `now`, with what happened after `since`: plain JSON, all of one moment."""
    with snapshots.one_moment():
        return {
            "needs_human": human_needs.found(now=now, listed=LISTED, counted_to=COUNTED_TO),
            "tasks": _in_each_state(),
            "ready": _ready(),
            "stale": _bounded(_stale(now), "stale_at", now, since="last_word_at", who="holder"),
            "abandoned": _abandoned(now),
            "blocked": _with_obstacles(
                _bounded(_in(Status.BLOCKED), "status_since", now, since="status_since")
            ),
            "reviews": _bounded(
                _in(Status.VALIDATING), "status_since", now, since="status_since", who="reviewer"
            ),
            "shipped": _happened(outcomes.FINISHED, since, now),
            "rejected": _happened(("task.rejected",), since, now),
            "agents": _agents(now),
        }


def _in_each_state() -> dict[str, int]:
    counted = dict(Task.objects.order_by().values_list("status").annotate(Count("pk")))
    return {status: counted.get(status, 0) for status in Status.values}


def _ready() -> dict[str, int]:
    claimable = Task.objects.filter(claimable=True)
    return {
        "count": _count(claimable.filter(assignee=None)),
        "reserved": _count(claimable.filter(assignee__isnull=False)),
    }


def _stale(now: datetime) -> QuerySet[Task]:
    return Task.objects.filter(status=Status.DOING, stale_at__lte=now)


def _in(status: Status) -> QuerySet[Task]:
    return Task.objects.filter(status=status)


def _abandoned(now: datetime) -> dict[str, Any]:
    """Stale and the holder not seen either, or reserved and untouched for STALE_AFTER."""
    unseen = presence.away(now, of="assignee__")
    gone = _bounded(_stale(now).filter(unseen), "stale_at", now, since="last_word_at", who="holder")
    untouched = Task.objects.filter(
        claimable=True, assignee__isnull=False, updated_at__lte=now - settings.STALE_AFTER
    )
    kept = _bounded(untouched, "updated_at", now, since="updated_at", who="reserved_for")
    return {"count": gone["count"] + kept["count"], "tasks": (gone["tasks"] + kept["tasks"])[:LISTED]}


def _bounded(
    tasks: QuerySet[Task], order: str, now: datetime, *, since: str, who: str = ""
) -> dict[str, Any]:
    """The count of the tasks and the first of them, each with its age since a column and an agent under `who`."""
    related = tasks.select_related("assignee", "reviewer").defer("description", "origin")
    shown = [
        {
            "id": task.ref,
            "title": task.title,
            **({who: _name(task.reviewer if who == "reviewer" else task.assignee)} if who else {}),
            "for": _seconds(now - getattr(task, since)),
        }
        for task in related.order_by(order, "pk")[:LISTED]
    ]
    return {"count": _count(tasks), "tasks": shown}


def _with_obstacles(found: dict[str, Any]) -> dict[str, Any]:
    """The same list, saying of each task why it cannot go on, and what it needs."""
    ids = [references.task_id(task["id"]) for task in found["tasks"]]
    said = {block.task_id: block for block in Block.objects.filter(task__in=ids, ended_at=None)}
    for task, task_id in zip(found["tasks"], ids, strict=True):
        if block := said.get(task_id or 0):
            task |= {"why": _cut(block.reason), "needs": _cut(block.needs)}
    return found


def _cut(text: str) -> str:
    return text if len(text) <= SAID else f"{text[: SAID - 1]}…"


def _happened(kinds: tuple[str, ...], since: datetime, now: datetime) -> dict[str, Any]:
    events = Event.objects.filter(kind__in=kinds, at__gt=since, at__lte=now)
    shown = [
        {
            "id": event.task.ref,
            "title": event.task.title,
            "worker": event.data.get("worker"),
            "by": _name(event.agent),
            "via": event.kind.removeprefix("task."),
        }
        for event in events.select_related("task", "agent").order_by("-at", "-pk")[:LISTED]
        if event.task
    ]
    return {"count": _count(events), "tasks": shown}


def _agents(now: datetime) -> dict[str, Any]:
    """How many are in each presence, and those that are not offline by name."""
    online = Agent.objects.filter(presence.here(now))
    found = presence.of_each(list(online.order_by("name")[:AGENTS]), now=now)
    counted = dict.fromkeys(("working", "reviewing", "idle", "blocked"), 0)
    for one in found:
        counted[one.state] += 1
    total = Agent.objects.count()
    offline = total - online.count()
    names = [
        {"name": one.agent.name, "presence": one.state, "holds": [f"T-{pk}" for pk in one.holds]}
        for one in found
    ]
    return {"count": total, **counted, "offline": offline, "online": names}


def _count(rows: QuerySet[Any]) -> int:
    return rows.order_by().values("pk")[:COUNTED_TO].count()


def _name(agent: Agent | None) -> str | None:
    return agent.name if agent else None


def _seconds(span: Any) -> int:
    return int(span.total_seconds())
