"""The columns of the board: which tasks stand in each, in which order, how many there are.

Each column is one run of a partial index, read from its beginning or from where a page ended; counts stop beyond
COUNTED_TO.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from tasks.models import Status, Task
from tasks.queries.board_filters import Narrowing

PAGE = 40
COUNTED_TO = 1000
# How much of a column one look goes through for the tasks of a project, an agent or a priority.
LOOKED_THROUGH = 2000
# How far back Done goes until somebody asks for more.
RECENTLY = timedelta(hours=24)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Column:
    """One column: the condition its tasks meet, and the columns of the table that give their order."""

    name: str
    title: str
    condition: Q
    order: tuple[str, ...]
    newest_first: bool = False

    @property
    def directed(self) -> list[str]:
        """Its order as a query takes it."""
        return [f"-{field}" if self.newest_first else field for field in self.order]


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("waiting", "Waiting", Q(status=Status.TODO, claimable=False), ("id",)),
        Column("ready", "Ready", Q(claimable=True), ("priority", "created_at", "id")),
        Column("doing", "Doing", Q(status=Status.DOING), ("status_since", "id")),
        Column("blocked", "Blocked", Q(status=Status.BLOCKED), ("status_since", "id")),
        Column("validating", "Validating", Q(status=Status.VALIDATING), ("status_since", "id")),
        Column("done", "Done", Q(status=Status.DONE), ("finished_at", "id"), newest_first=True),
    )
}


@dataclass(frozen=True)
class Page:
    """Some ids of a column in its order, and the place after which there are more (empty: there are none)."""

    ids: list[int]
    more: str


def of(task: Mapping[str, Any], *, now: datetime) -> str | None:
    """The column a task (its `status`, `claimable`, `finished_at`) stands in; None if it stands in none."""
    if task["status"] == Status.TODO:
        return "ready" if task["claimable"] else "waiting"
    if task["status"] == Status.CANCELLED:
        return None
    if task["status"] == Status.DONE:
        return "done" if task["finished_at"] > now - RECENTLY else None
    return str(task["status"])


def place(column: str, task: Mapping[str, Any]) -> str:
    """Where a task stands in its column: numbers with full stops between, to be compared one by one."""
    return ".".join(str(_number(task[field])) for field in COLUMNS[column].order)


def page(
    name: str, narrowing: Narrowing, *, now: datetime, after: str = "", older: bool = False, size: int = PAGE
) -> Page:
    """Up to `size` tasks of the column after a `place`. `older`: Done goes back as far as there is anything.

    A place that is none of the column's begins it anew.
    """
    column = COLUMNS[name]
    tasks = _tasks(column, now=now, older=older)
    if key := _key(column, after):
        compare = TupleLessThan if column.newest_first else TupleGreaterThan
        tasks = tasks.filter(compare(Tuple(*(F(field) for field in column.order)), key))
    found = _found(column, tasks, narrowing, most=size + 1)
    shown = found.rows[:size]
    last = shown[-1] if len(found.rows) > size else found.looked_to
    return Page([row["id"] for row in shown], place(name, last) if last else "")


def count(name: str, narrowing: Narrowing, *, now: datetime, older: bool = False) -> int:
    """How many tasks stand in the column, up to COUNTED_TO + 1."""
    column = COLUMNS[name]
    tasks = _tasks(column, now=now, older=older)
    if narrowing.ids is None and narrowing.facts and name != "ready":
        return min(len(_found(column, tasks, narrowing, most=LOOKED_THROUGH).rows), COUNTED_TO + 1)
    return counted(narrowing.among(tasks), *column.directed)


def waiting() -> dict[str, int]:
    """How many tasks cannot be claimed yet, up to COUNTED_TO + 1 of each: without criteria, waiting for others, or for
    their day."""
    indexed = "INDEXED BY {}" if connection.vendor == "sqlite" else ""
    counts = [
        f"(SELECT count(*) FROM (SELECT 1 FROM tasks_task {indexed.format(index)} WHERE status = 'todo' AND {condition}"
        f" ORDER BY {order} LIMIT {COUNTED_TO + 1}) AS {name})"
        for name, (index, condition, order) in _WAITING.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")
        return dict(zip(_WAITING, cursor.fetchone(), strict=True))


def counted(tasks: QuerySet[Any], *order: str) -> int:
    """The number of rows, up to COUNTED_TO + 1. SQLite takes a partial index for its `order` only."""
    return tasks.order_by(*order).values("pk")[: COUNTED_TO + 1].count()


# The indexes are named, and the orders theirs: without statistics SQLite takes every todo task in their place.
_WAITING = {
    "unwritten": ("task_without_criteria", "criteria_count = 0", "status, criteria_count"),
    "dependent": ("task_waiting", "open_blockers > 0 AND criteria_count > 0", "project_id, open_blockers"),
    "deferred": ("task_deferred", "deferred AND open_blockers = 0 AND criteria_count > 0", "not_before"),
}


class _Found(NamedTuple):
    """Rows in the order of their column, and the last one that was looked at, if there may be more behind it."""

    rows: list[dict[str, Any]]
    looked_to: dict[str, Any] | None = None


def _found(column: Column, tasks: QuerySet[Task], narrowing: Narrowing, *, most: int) -> _Found:
    if narrowing.ids is not None:
        # Few, and found already: to be put in order here, or the database may look for them along the whole column.
        rows = list(narrowing.among(tasks).order_by().values(*column.order))
        rows.sort(key=lambda row: tuple(row[field] for field in column.order), reverse=column.newest_first)
        return _Found(rows)
    if column.name == "ready" or not narrowing.facts:
        return _Found(list(narrowing.among(tasks).order_by(*column.directed).values(*column.order)[:most]))
    # Looked through here: given the facts, a planner may gather every task of a project, or every one that is done.
    ordered = tasks.filter(narrowing.condition).order_by(*column.directed)
    seen = list(ordered.values(*{*column.order, *narrowing.facts})[:LOOKED_THROUGH])
    rows = [row for row in seen if all(row[fact] == value for fact, value in narrowing.facts.items())]
    return _Found(rows[:most], seen[-1] if len(seen) == LOOKED_THROUGH else None)


def _tasks(column: Column, *, now: datetime, older: bool) -> QuerySet[Task]:
    tasks = Task.objects.filter(column.condition)
    if column.name == "done" and not older:
        tasks = tasks.filter(finished_at__gt=now - RECENTLY)
    return tasks


def _number(value: Any) -> int:
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else int(value)


def _key(column: Column, after: str) -> tuple[Any, ...] | None:
    parts = after.split(".")
    if len(parts) != len(column.order) or not all(p.isascii() and p.isdigit() and len(p) < 18 for p in parts):
        return None
    return tuple(
        _EPOCH + int(part) * _MICROSECOND if field.endswith(("_at", "_since")) else int(part)
        for field, part in zip(column.order, parts, strict=True)
    )
