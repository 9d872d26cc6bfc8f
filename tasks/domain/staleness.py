"""Staleness: a holder that has written nothing for STALE_AFTER is told so once; any word by it ends that.

Three clocks, never mixed: the last word decides this and the reclaim, the last sign of life decides presence, and the
age in a state is for the digest. The flag moves none but its own.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from tasks.domain import events, notices, rounds
from tasks.models import Comment, Task
from tasks.queries import overdue


def flag(*, now: datetime) -> int:
    """Flag every task that has turned stale, with a log entry and an event; gives how many. Each is flagged once."""
    return rounds.go(partial(_flag_some, now=now))


def _flag_some(most: int, *, now: datetime) -> int:
    silent = overdue.lock_unflagged(now=now, most=most)
    if not silent:
        return 0
    Task.objects.filter(pk__in=[one.task_id for one in silent]).update(flagged_at=now)
    notices.write({one.task_id: _text(one) for one in silent}, kind=Comment.Kind.NOTE, now=now)
    events.record_each("task.stale", {one.task_id: _facts(one) for one in silent}, now=now)
    return len(silent)


def _text(silent: overdue.Silent) -> str:
    return (
        f"stale: {silent.holder} has written nothing here since {silent.last_word_at:%Y-%m-%d %H:%M:%S} UTC. A comment"
        f" by {silent.holder} keeps the task; without one it is taken back at"
        f" {silent.lease_expires_at:%Y-%m-%d %H:%M:%S} UTC."
    )


def _facts(silent: overdue.Silent) -> dict[str, str]:
    return {
        "holder": silent.holder,
        "last_word": silent.last_word_at.isoformat(),
        "taken_back": silent.lease_expires_at.isoformat(),
    }
