"""Staleness: a holder that has written nothing for STALE_AFTER is told so once; any word by it ends that.

Three clocks, never mixed: the last word decides this and the reclaim, the last sign of life decides presence, and the
age in a state is for the digest. The flag moves none but its own.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from tasks.domain import events, notices, rounds, transactions
from tasks.models import Agent, Comment, Task
from tasks.queries import overdue

AT_ONCE = 100


def flag(*, now: datetime) -> int:
    """Flag every task that has turned stale, with a log entry and an event; gives how many. Each is flagged once."""
    return rounds.go(partial(_flag_some, now=now), full=AT_ONCE)


def _flag_some(*, now: datetime) -> int:
    with transactions.change():
        tasks = overdue.lock_unflagged(now=now, most=AT_ONCE)
        if not tasks:
            return 0
        Task.objects.filter(pk__in=[task.pk for task in tasks]).update(flagged_at=now)
        names = dict(Agent.objects.filter(assigned__in=tasks).values_list("pk", "name"))
        texts = {task.pk: _text(task, names[task.assignee_id or 0]) for task in tasks}
        notices.write(texts, kind=Comment.Kind.NOTE, now=now)
        facts = {task.pk: _facts(task, names[task.assignee_id or 0]) for task in tasks}
        events.record_each("task.stale", facts, now=now)
        return len(tasks)


def _text(task: Task, holder: str) -> str:
    return (
        f"stale: {holder} has written nothing here since {task.last_word_at:%Y-%m-%d %H:%M:%S} UTC. A comment by"
        f" {holder} keeps the task; without one it is taken back at {task.lease_expires_at:%Y-%m-%d %H:%M:%S} UTC."
    )


def _facts(task: Task, holder: str) -> dict[str, str]:
    assert task.last_word_at
    assert task.lease_expires_at
    return {
        "holder": holder,
        "last_word": task.last_word_at.isoformat(),
        "taken_back": task.lease_expires_at.isoformat(),
    }
