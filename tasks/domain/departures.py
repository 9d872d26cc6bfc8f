"""Departures: an agent that is gone, and what hangs on it: leases, reservations and reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from tasks.domain import closing, editing, reservations
from tasks.domain.refusals import Conflict
from tasks.models import Agent, Status, Task

# Tasks freed by one call, each in a transaction of its own; whatever is left takes another call.
AT_ONCE = 100


class NothingToTake(Conflict):
    """Nothing of that kind hangs on the agent."""


def take_back_all(agent: Agent, *, by: Agent, reason: str, now: datetime) -> list[int]:
    """Take back every task the agent holds; gives their ids, AT_ONCE at most. Refused as NothingToTake."""
    held = Task.objects.filter(status=Status.DOING, assignee=agent)

    def end(task: Task) -> None:
        closing.take_back(task, by=by, reason=reason, now=now)

    return _each(held, end, nothing=f"{agent.name} holds nothing.")


def hand_on(agent: Agent, *, by: Agent, now: datetime) -> list[int]:
    """Free what is kept for the agent, and pass on what it was to review; gives the ids, AT_ONCE of each at most.

    Refused as NothingToTake when nothing waits for it.
    """
    kept = Task.objects.filter(status=Status.TODO, assignee=agent)
    in_review = Task.objects.filter(status=Status.VALIDATING, reviewer=agent)

    def free(task: Task) -> None:
        reservations.reserve(task, None, by=by, now=now)

    def pass_on(task: Task) -> None:
        editing.edit(task, by=by, now=now, reviewer=None)

    freed = _each(kept, free) + _each(in_review, pass_on)
    if not freed:
        raise _nothing(f"Nothing waits for {agent.name}.")
    return freed


def _each(tasks: QuerySet[Task], end: Callable[[Task], None], *, nothing: str = "") -> list[int]:
    done = []
    for task in tasks.order_by("pk")[:AT_ONCE]:
        try:
            end(task)
        except Conflict:
            continue  # It moved on by itself meanwhile, which is what was wanted.
        done.append(task.pk)
    if not done and nothing:
        raise _nothing(nothing)
    return done


def _nothing(detail: str) -> NothingToTake:
    return NothingToTake(detail, fix="GET /agents shows who holds what.")
