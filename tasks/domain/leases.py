"""Leases: the fence every write of a holder passes, and what the one who lost it is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from tasks.domain.refusals import Conflict
from tasks.models import Agent, Attempt, Event, Status, Task
from tasks.queries import presence, queue


class LeaseLost(Conflict):
    """The lease that was shown is not the current one; nothing was written."""

    code = "lease_lost"


def terms(stale_after: int | None, *, now: datetime) -> dict[str, datetime]:
    """The lease's dates after a word by the holder: when the task turns stale, and when it may be taken back.

    A task whose own `stale_after` (seconds) is longer than RECLAIM_AFTER is not taken back before it is even stale.
    """
    stale = timedelta(seconds=stale_after) if stale_after else settings.STALE_AFTER
    return {
        "last_word_at": now,
        "stale_at": now + stale,
        "lease_expires_at": now
        + (max(settings.RECLAIM_AFTER, stale) if stale_after else settings.RECLAIM_AFTER),
    }


def held(agent: Agent, token: int | None) -> Q:
    """The guard of a holder's write: `agent` holds the task, under the lease it shows (None: whichever it has)."""
    guard = Q(status=Status.DOING, assignee=agent)
    return guard if token is None else guard & Q(lease_token=token)


def lock_held(task: Task, *, by: Agent, token: int, now: datetime) -> Task:
    """The task's row, locked, for a write of its holder. Refused as LeaseLost unless `by` holds it under `token`."""
    row = queue.lock_task(task.pk)
    refuse_unheld(row, by=by, token=token, now=now)
    return row


def refuse_unheld(task: Task, *, by: Agent, token: int, now: datetime) -> None:
    """Refuse, as LeaseLost, a write of its holder by anyone who does not hold the task, as it is, under `token`."""
    if (task.status, task.assignee_id, task.lease_token) != (Status.DOING, by.pk, token):
        raise lost(task.pk, agent=by, now=now)


def renew(task: Task, *, by: Agent, token: int | None, now: datetime) -> bool:
    """A word by the holder: the lease starts anew and the task is not stale. False where `by` does not hold it."""
    holding = Task.objects.filter(held(by, token), pk=task.pk)
    return bool(holding.update(flagged_at=None, **terms(task.stale_after, now=now)))


def lost(task_id: int, *, agent: Agent, now: datetime) -> LeaseLost:
    """The refusal for a lease that is no longer current: how it ended, how the task is now and what to do."""
    task = Task.objects.select_related("assignee").get(pk=task_id)
    holder = task.assignee if task.status == Status.DOING else None
    ended = _how_it_ended(task, agent)
    if holder is None:
        is_now = "It is in the queue again" if task.status == Status.TODO else f"It is {task.status} now"
        detail = f"{ended} {is_now}." if ended else f"{task.ref} is {task.status} and nobody holds it."
        return LeaseLost(detail, fix=_fix(task, agent, again=bool(ended)), holder=None)
    facts = {
        "agent": holder.name,
        "alive": presence.is_here(holder, now=now),
        "since": task.status_since,
    }
    if holder == agent:
        fix = f"GET /tasks/active?agent={agent.name} shows your current lease; use that one."
        return LeaseLost(f"{agent.name} holds {task.ref} under a newer lease.", fix=fix, holder=facts)
    if ended:
        fix = (
            f"Stop this work; POST /tasks/{task.ref}/comments without a lease tells {holder.name} what you found,"
            f" and GET /tasks/next?agent={agent.name} gives you another task."
        )
        return LeaseLost(f"{ended} {holder.name} holds it now.", fix=fix, holder=facts)
    fix = f"Stop this work; GET /tasks/next?agent={agent.name} gives you another task."
    return LeaseLost(f"{holder.name} holds {task.ref} now.", fix=fix, holder=facts)


# How an attempt can end without its holder, and the event that says why.
_TAKEN = {
    Attempt.Outcome.RECLAIMED: "task.reclaimed",
    Attempt.Outcome.GIVEN_UP: "task.given_up",
    Attempt.Outcome.RELEASED: "task.released",
}
_REASON_SHOWN = 200


def _how_it_ended(task: Task, agent: Agent) -> str | None:
    """One sentence, if somebody else ended the agent's last attempt."""
    ended = Attempt.objects.filter(task=task, agent=agent, ended_at__isnull=False).order_by("-token").first()
    if ended is None or ended.ended_at is None or ended.outcome not in _TAKEN:
        return None
    kind = _TAKEN[Attempt.Outcome(ended.outcome)]
    event = Event.objects.filter(task=task, kind=kind, at=ended.ended_at).order_by("-pk").first()
    reason = f": {event.data.get('reason', '')}"[:_REASON_SHOWN] if event else ""
    return f"Your lease on {task.ref} was taken back at {ended.ended_at:%Y-%m-%d %H:%M:%S} UTC{reason}."


def _fix(task: Task, agent: Agent, *, again: bool) -> str:
    if again and task.status == Status.TODO:
        return (
            f"POST /tasks/{task.ref}/claim takes it again if you still work on it;"
            f" else GET /tasks/next?agent={agent.name} gives you a task."
        )
    return f"Stop this work; GET /tasks/{task.ref} shows what became of it, GET /tasks/next gives you a task."
