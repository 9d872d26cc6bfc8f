"""Flows: how many tasks were in each state at the end of each day.

Counted back from what is there now, with the moves since: it costs what has moved in the period, and the tasks in each
state, which are counted out from an index. Days are those of UTC.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count

from tasks.models import Status, Task

# From where to where each event moves its task; `tasks.domain.lifecycle` makes the moves.
ARROWS: dict[str, tuple[Status | None, Status]] = {
    "task.created": (None, Status.TODO),
    "task.claimed": (Status.TODO, Status.DOING),
    "task.submitted": (Status.DOING, Status.VALIDATING),
    "task.approved": (Status.VALIDATING, Status.DONE),
    "task.rejected": (Status.VALIDATING, Status.TODO),
    "task.handed_off": (Status.DOING, Status.TODO),
    "task.blocked": (Status.DOING, Status.BLOCKED),
    "task.unblocked": (Status.BLOCKED, Status.TODO),
    "task.released": (Status.DOING, Status.TODO),
    "task.reclaimed": (Status.DOING, Status.TODO),
    "task.given_up": (Status.DOING, Status.BLOCKED),
}
# Those that begin in several states: where from, the move before says.
FROM_SEVERAL: dict[str, Status] = {
    "task.criteria_amended": Status.TODO,
    "task.overridden": Status.DONE,
    "task.cancelled": Status.CANCELLED,
    "task.reopened": Status.TODO,
}
IMPORTED = "task.imported"


@dataclass(frozen=True)
class Level:
    """How many tasks were in each state when the day ended; today, how many are."""

    day: date
    tasks: dict[str, int]


def levels(*, days: int, now: datetime) -> list[Level]:
    """The levels of today and of the days before it, `days` in all, oldest first."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    changed = changes(since=datetime.combine(first, time(), UTC))
    counted = dict(Task.objects.order_by().values_list("status").annotate(Count("pk")))
    current = {str(status): counted.get(status, 0) for status in Status}
    found = []
    for back in range(days):
        day = today - timedelta(days=back)
        found.append(Level(day, dict(current)))
        for status, count in changed[day].items():
            current[status] -= count
    return found[::-1]


def changes(*, since: datetime) -> dict[date, Counter[str]]:
    """By how many tasks each state grew on each day, from the beginning of one."""
    changed: dict[date, Counter[str]] = defaultdict(Counter)
    for day, origin, target, count in [*_plain(since), *_imported(since), *_from_several(since)]:
        changed[day][target] += count
        if origin:
            changed[day][origin] -= count
    return changed


_Change = tuple[date, str | None, str, int]
_DAY = {"sqlite": "substr(e.at, 1, 10)", "postgresql": "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"}
_STATUS = {"sqlite": "json_extract(e.data, '$.status')", "postgresql": "e.data ->> 'status'"}
_BEFORE = """
(SELECT p.kind FROM tasks_event p WHERE p.task_id = e.task_id AND p.id < e.id AND p.kind IN ({moves})
    ORDER BY p.id DESC LIMIT 1)
"""
_COUNTED = """
SELECT {day}, e.kind, {more}, count(*) FROM tasks_event e WHERE e.kind IN ({kinds}) AND e.at >= %s GROUP BY 1, 2, 3
"""


def _plain(since: datetime) -> Iterator[_Change]:
    for day, kind, _, count in _counted(ARROWS, since, more="NULL"):
        origin, target = ARROWS[kind]
        yield day, origin, target, count


def _imported(since: datetime) -> Iterator[_Change]:
    for day, _, status, count in _counted([IMPORTED], since, more=_STATUS[connection.vendor]):
        yield day, None, status or Status.TODO, count


def _from_several(since: datetime) -> Iterator[_Change]:
    moves = _listed([*ARROWS, *FROM_SEVERAL, IMPORTED])
    for day, kind, before, count in _counted(FROM_SEVERAL, since, more=_BEFORE.format(moves=moves)):
        if before == IMPORTED:
            # What came in finished can only be re-opened, and nothing else can.
            origin = Status.DONE if kind == "task.reopened" else Status.TODO
        else:
            origin = FROM_SEVERAL[before] if before in FROM_SEVERAL else ARROWS[before or "task.created"][1]
        yield day, origin, FROM_SEVERAL[kind], count


def _counted(kinds: Iterable[str], since: datetime, *, more: str) -> list[tuple[date, str, str | None, int]]:
    """How many events of these kinds there are, by day, kind and `more`, which is SQL."""
    sql = _COUNTED.format(day=_DAY[connection.vendor], kinds=_listed(kinds), more=more)
    with connection.cursor() as cursor:
        cursor.execute(sql, [connection.ops.adapt_datetimefield_value(since)])
        rows = cursor.fetchall()
    return [(date.fromisoformat(day), kind, found, count) for day, kind, found, count in rows]


def _listed(kinds: Iterable[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
