"""Leases: the fence every write of a holder passes, and what the one who lost it is told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tasks.domain import agents, claims
from tasks.domain.refusals import Conflict
from tasks.models import Agent, Status, Task


class LeaseLost(Conflict):
    """The lease that was shown is not the current one; nothing was written."""

    code = "lease_lost"


def held(agent: Agent, token: int | None) -> Q:
    """The guard of a holder's write: `agent` holds the task, under the lease it shows (None: whichever it has)."""
    guard = Q(status=Status.DOING, assignee=agent)
    return guard if token is None else guard & Q(lease_token=token)


def renew(task: Task, *, by: Agent, token: int | None, now: datetime) -> bool:
    """A word by the holder: the lease starts anew and the task is not stale. False where `by` does not hold it."""
    holding = Task.objects.filter(held(by, token), pk=task.pk)
    return bool(holding.update(**claims.terms(task.stale_after, now=now)))


def lost(task_id: int, *, agent: Agent, now: datetime) -> LeaseLost:
    """The refusal for a lease that is no longer current, from the task as it is now."""
    task = Task.objects.select_related("assignee").get(pk=task_id)
    holder = task.assignee if task.status == Status.DOING else None
    if holder is None:
        fix = f"Stop this work; GET /tasks/{task.ref} shows what became of it, GET /tasks/next gives you a task."
        return LeaseLost(f"{task.ref} is {task.status} and nobody holds it.", fix=fix, holder=None)
    facts = {
        "agent": holder.name,
        "alive": agents.is_alive(holder, now=now),
        "since": task.status_since,
    }
    if holder == agent:
        fix = f"GET /tasks/active?agent={agent.name} shows your current lease; use that one."
        return LeaseLost(f"{agent.name} holds {task.ref} under a newer lease.", fix=fix, holder=facts)
    fix = f"Stop this work; GET /tasks/next?agent={agent.name} gives you another task."
    return LeaseLost(f"{holder.name} holds {task.ref} now.", fix=fix, holder=facts)
