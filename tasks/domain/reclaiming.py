"""Reclaiming: a task whose holder has written nothing until its lease ran out goes back to everyone.

Slow is not dead: any word by the holder starts the lease anew, so whoever writes within RECLAIM_AFTER keeps the task
however long it takes. A task that was taken back MAX_ATTEMPTS times in a row asks a human instead of looping.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F

from tasks import durations
from tasks.domain import asking, blocks, due, handoffs, lifecycle, notices, rounds
from tasks.models import Comment, Task
from tasks.queries import accounts, overdue

# What a caller takes back that only wants something to do.
_A_FEW = 10
_FREE: dict[str, Any] = {"assignee": None, "lease_token": F("lease_token") + 1}


def take_back(*, now: datetime) -> int:
    """Take back every task whose lease has run out; gives how many. In bounded transactions, for any number of tasks.

    Each ends its attempt, gets a higher token and is free for everyone, with what its log says of the work handed over.
    """
    return rounds.go(partial(_take_back_some, now=now))


def catch_up(*, now: datetime) -> bool:
    """Take back a few of the tasks that are overdue, for a caller that found nothing else to do. Needs a transaction.

    Gives whether anything was overdue: then the caller looks again, though another one may have been faster. So nobody
    is stuck behind a scheduler that does not run. Costs one look into an index where nothing is overdue.
    """
    if not overdue.is_any_expired(now=now):
        return False
    due.take_turn()
    _take_back(overdue.lock_expired(now=now, most=_A_FEW), now=now)
    return True


def catch_up_one(task: Task, *, now: datetime) -> int:
    """The same for one task, whose row the caller has locked."""
    if task.lease_expires_at is None or task.lease_expires_at > now:
        return 0
    return _take_back(overdue.lock_one_expired(task.pk, now=now), now=now)


def _take_back_some(most: int, *, now: datetime) -> int:
    # Whoever asks for work meanwhile waits for this, instead of being told that there is none.
    due.take_turn()
    return _take_back(overdue.lock_expired(now=now, most=most), now=now)


def _take_back(silent: Sequence[overdue.Silent], *, now: datetime) -> int:
    hopeless = [one for one in silent if one.silences >= settings.MAX_ATTEMPTS]
    others = [one for one in silent if one.silences < settings.MAX_ATTEMPTS]
    _move("reclaim", others, changes=_FREE, now=now)
    _move("give_up", hopeless, changes={**_FREE, "asks_human": _asks()}, now=now)
    return len(silent)


def _move(verb: str, silent: Sequence[overdue.Silent], *, changes: dict[str, Any], now: datetime) -> None:
    if not silent:
        return
    data = {one.task_id: _facts(one) for one in silent}
    if verb == "give_up":
        needs = "A human who unblocks it, with what is to be done differently; or cancels it."
        stops = {task_id: blocks.Obstacle(_asks(), needs) for task_id in data}
        blocks.record_each(stops, now=now)
    lifecycle.move_locked(list(data), verb, now=now, changes={**changes, **handoffs.DUE}, data=data)
    texts = {task_id: f"{verb}: {facts['reason']}." for task_id, facts in data.items()}
    notices.write(texts, kind=Comment.Kind.MOVE, now=now)
    hand_over(list(data), now=now)


def hand_over(task_ids: Sequence[int], *, now: datetime) -> None:
    """Hand tasks to whoever comes, in the place of a holder that handed nothing over: with what their logs say.

    Within the caller's transaction, which has locked the tasks and sets `handoffs.DUE`.
    """
    told = accounts.of_each(task_ids)
    words = {pk: handoffs.Words(one.done, one.pending, one.gotchas) for pk, one in told.items()}
    handoffs.record_each(words, now=now)


def _facts(silent: overdue.Silent) -> dict[str, Any]:
    silence = int((silent.lease_expires_at - silent.last_word_at).total_seconds())
    return {
        "worker": silent.holder,
        "reason": f"{silent.holder} wrote nothing to its log for {durations.write(silence)}",
        "last_word": silent.last_word_at.isoformat(),
        "attempts": silent.attempts,
    }


def _asks() -> str:
    return asking.about_silence(settings.MAX_ATTEMPTS)
