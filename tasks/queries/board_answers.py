"""The four answers on top of the board: is it moving, is anything stuck, does anyone need me, what shipped.

They are of the whole board, whatever a page is narrowed to. Each reads the end of an index on time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tasks.models import Event, Task
from tasks.queries import board_columns, board_filters, human_needs, outcomes

HOUR = timedelta(hours=1)
BUCKETS = 12
_BUCKET = HOUR // BUCKETS
# Events of one kind in an hour that are counted one by one; a board that does more in an hour is moving.
COUNTED_TO = 10_000
_NEEDS_SHOWN = 3

_MOVED = """
SELECT kind, bucket, count(*) FROM (
    SELECT kind, {bucket} AS bucket FROM tasks_event
    WHERE kind = %(kind)s AND at > %(since)s AND at <= %(now)s ORDER BY at DESC LIMIT {most}) AS seen
GROUP BY kind, bucket
"""
_SECONDS = {
    "sqlite": "CAST(strftime('%%s', at) AS INTEGER)",
    "postgresql": "CAST(floor(extract(epoch FROM at)) AS bigint)",
}


@dataclass(frozen=True)
class Moving:
    """Claims and completions of the last hour, and both of each five minutes of it, the oldest first."""

    claims: int
    completions: int
    buckets: list[int]


@dataclass(frozen=True)
class Stuck:
    """How many tasks are stuck in each way, up to 1,001 of each."""

    stale: int
    blocked: int
    reviews: int

    @property
    def any(self) -> bool:
        """Whether anything is stuck."""
        return bool(self.stale or self.blocked or self.reviews)


@dataclass(frozen=True)
class Shipped:
    """What was finished and rejected in the last 24 hours, up to 1,001 of each, and the share of rejections (null:
    nothing was judged)."""

    shipped: int
    rejected: int
    rejection_rate: float | None


@dataclass(frozen=True)
class Answers:
    """All four. `needs` holds a `count`, up to 1,000, and the first `tasks`, with why."""

    moving: Moving
    stuck: Stuck
    needs: dict[str, Any]
    shipped: Shipped


def given(*, now: datetime) -> Answers:
    """The four answers at `now`, in a fixed number of queries."""
    return Answers(
        _moving(now),
        Stuck(*(_stuck(kind, now) for kind in ("stale", "blocked", "reviews"))),
        human_needs.found(now=now, listed=_NEEDS_SHOWN, counted_to=board_columns.COUNTED_TO),
        _shipped(now),
    )


def _moving(now: datetime) -> Moving:
    first = int((now - HOUR).timestamp())
    counted = {kind: [0] * BUCKETS for kind in ("task.claimed", *outcomes.FINISHED)}
    adapt = connection.ops.adapt_datetimefield_value
    seconds = _SECONDS[connection.vendor]
    bucket = f"({seconds} - {first}) / {int(_BUCKET.total_seconds())}"
    sql = _MOVED.format(bucket=bucket, most=COUNTED_TO)
    with connection.cursor() as cursor:
        for kind in counted:
            cursor.execute(sql, {"kind": kind, "since": adapt(now - HOUR), "now": adapt(now)})
            for _, number, count in cursor.fetchall():
                counted[kind][min(max(int(number), 0), BUCKETS - 1)] += count
    claims, *finished = counted.values()
    return Moving(
        sum(claims),
        sum(map(sum, finished)),
        [sum(together) for together in zip(claims, *finished, strict=True)],
    )


def _stuck(kind: str, now: datetime) -> int:
    return board_columns.counted(Task.objects.filter(board_filters.stuck(kind, now=now)))


def _shipped(now: datetime) -> Shipped:
    approved, overridden, rejected = (
        board_columns.counted(
            Event.objects.filter(kind=kind, at__gt=now - board_columns.RECENTLY, at__lte=now)
        )
        for kind in (*outcomes.FINISHED, "task.rejected")
    )
    judged = approved + rejected
    return Shipped(approved + overridden, rejected, rejected / judged if judged else None)
