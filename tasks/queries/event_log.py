"""The event log as readers go through it: in the order of `seq`, from where they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from tasks.models import Event
from tasks.queries import planned

# How many events one page looks through for those that were asked for, so that its cost is bounded without an index
# for each filter, which every writer would pay for.
LOOKED_THROUGH = 10_000

_NEWEST = "SELECT max(seq) FROM tasks_event"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event; `by` null is the board itself."""

    seq: int
    at: datetime
    kind: str
    task_id: int | None
    by: str | None
    data: Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, the `seq` to go on after, and whether there is more after it now."""

    entries: list[Entry]
    next: int
    more: bool


def newest() -> int:
    """The number of the newest event that has one; 0 if none has."""
    with planned.cursor() as cursor:
        cursor.execute(_NEWEST, [])
        return int(cursor.fetchone()[0] or 0)


def after(
    seq: int,
    *,
    limit: int,
    task_id: int | None = None,
    agent_id: int | None = None,
    kinds: Sequence[str] = (),
) -> Page:
    """Up to `limit` events after `seq`: of this task, by this agent, of one of these kinds.

    With a filter a page may hold fewer, even none, and more be there: it looks through LOOKED_THROUGH events.
    """
    head = newest()
    end = _end(seq, head, limit, narrowed=bool(agent_id or kinds), of_task=bool(task_id))
    if end <= seq:
        return Page([], seq, more=False)
    events = Event.objects.filter(seq__gt=seq, seq__lte=end).order_by("seq")
    if task_id:
        # Not by `seq` itself: planned with statistics that know no number yet, that reads the whole log.
        placed = Event.objects.alias(place=F("seq") + 0).order_by("place")
        events = placed.filter(task_id=task_id, place__gt=seq, place__lte=end)
    events = events.filter(agent_id=agent_id) if agent_id else events
    events = events.filter(kind__in=kinds) if kinds else events
    rows: Any = events.values_list("seq", "at", "kind", "task_id", "agent__name", "data")[:limit]
    entries = [Entry(*row) for row in rows]
    reached = entries[-1].seq if len(entries) == limit else end
    return Page(entries, reached, more=reached < head)


def _end(seq: int, head: int, limit: int, *, narrowed: bool, of_task: bool) -> int:
    """How far one page looks. The events of one task are few, and have an index."""
    if of_task:
        return head
    return min(head, seq + (LOOKED_THROUGH if narrowed else limit))
