"""What falls due by the clock alone: reservations that lapse, and `not_before` times that pass.

Both are kept in the task's row, so that the queue's index holds what can be claimed and nothing else. Whoever asks for
work puts right what is due first, so the queue is exact whether or not a scheduler runs; each round is bounded.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from tasks.domain import events
from tasks.models import Task

_AT_ONCE = 500


def catch_up(*, now: datetime, task_id: int | None = None) -> int:
    """Lapse the reservations and end the deferrals that are due, of one task or of up to 500 each. Needs a
    transaction; gives how many tasks it changed."""
    of_task = {} if task_id is None else {"pk": task_id}
    lapsed = _lock(Task.objects.filter(status="todo", reserved_until__lte=now, **of_task), "reserved_until")
    Task.objects.filter(pk__in=lapsed).update(assignee=None, reserved_until=None, updated_at=now)
    events.record_many("task.reservation_lapsed", lapsed, now=now)
    woken = _lock(Task.objects.filter(deferred=True, not_before__lte=now, **of_task), "not_before")
    Task.objects.filter(pk__in=woken).update(deferred=False, updated_at=now)
    return len(lapsed) + len(woken)


def _lock(tasks: QuerySet[Task], by: str) -> list[int]:
    rows = tasks.order_by(by).select_for_update(skip_locked=True, no_key=True)
    return list(rows.values_list("pk", flat=True)[:_AT_ONCE])
