"""What falls due by the clock alone: reservations that lapse, and `not_before` times that pass.

Both are kept in the task's row, so that the queue's index holds what can be claimed and nothing else. Whoever asks for
work puts right what is due first, so the queue is exact whether or not a scheduler runs; each round is bounded.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from tasks.domain import events, rounds, turns
from tasks.models import Task


def catch_up(most: int = rounds.MOST, *, now: datetime) -> int:
    """Lapse the reservations and end the deferrals that are due, up to `most` of each. Needs a transaction; gives how
    many tasks it changed.

    One caller at a time: the others wait until its changes are there to be seen, or they would be told that there is
    nothing while it holds what there is.
    """
    take_turn()
    return _catch_up(Task.objects.all(), most, now=now)


def catch_up_all(*, now: datetime) -> int:
    """The same for everything that is due, in bounded transactions."""
    return rounds.go(partial(catch_up, now=now))


def take_turn() -> None:
    """Wait until nobody else puts right what is due, and keep others waiting until this transaction ends."""
    turns.take(turns.Turn.DUE)


def catch_up_one(task_id: int, *, now: datetime) -> int:
    """The same for one task, whose row the caller has locked."""
    return _catch_up(Task.objects.filter(pk=task_id), 1, now=now)


def _catch_up(tasks: QuerySet[Task], most: int, *, now: datetime) -> int:
    lapsed = _lock(tasks.filter(reserved_until__lte=now), "reserved_until", most)
    Task.objects.filter(pk__in=lapsed).update(assignee=None, reserved_until=None, updated_at=now)
    events.record_many("task.reservation_lapsed", lapsed, now=now)
    woken = _lock(tasks.filter(deferred=True, not_before__lte=now), "not_before", most)
    Task.objects.filter(pk__in=woken).update(deferred=False, updated_at=now)
    events.record_many("task.deferral_ended", woken, now=now)
    return len(lapsed) + len(woken)


def _lock(tasks: QuerySet[Task], by: str, most: int) -> list[int]:
    # What somebody else has locked is being changed; it is left to the next round, because waiting could deadlock.
    rows = tasks.order_by(by).select_for_update(skip_locked=True, no_key=True)
    return list(rows.values_list("pk", flat=True)[:most])
