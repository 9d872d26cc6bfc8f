"""What the design avoids, each measured beside what it does instead, on the same board in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import bulk, claims, web
from tests.benchmarks.boards import Board
from tests.benchmarks.crowd import Measured

_CALLERS = 8
_LOOKS = 7


def write_lock(board: Board, directory: Path, *, rounds: int) -> tuple[list[Measured], list[Measured]]:
    """Claims on SQLite by a process whose writers queue, and by one in which SQLite itself makes them wait."""
    queued, polling = [], []
    with web.without_write_lock(board.url, directory) as other:
        claims.through_http(board, callers=_CALLERS, port=web.port(other))
        for _ in range(rounds):
            queued.append(claims.through_http(board, callers=_CALLERS))
            polling.append(claims.through_http(board, callers=_CALLERS, port=web.port(other)))
    return queued, polling


def counted_blockers(board: Board) -> tuple[float, float]:
    """Milliseconds to the head of a lane by the counter in the index, and by asking each task's dependencies."""
    lane = board.lanes()[0]
    with bulk.connect(board.url) as rows:
        counted = _milliseconds(rows, _HEAD.format(lane=lane))
        with _index(rows, "lane_id, priority, created_at, id", "status = 'todo' AND assignee_id IS NULL"):
            asked = _milliseconds(rows, _HEAD_BY_DEPENDENCIES.format(lane=lane, hint=rows.in_dialect(_HINTS)))
    return counted, asked


def lanes(board: Board) -> tuple[float, float]:
    """Milliseconds to the first task a worker may take by the heads of its lanes, and by going down one queue."""
    with bulk.connect(board.url) as rows:
        by_lanes = _milliseconds(rows, rows.in_dialect(_BY_LANES))
        with _index(rows, "priority, created_at, id", "claimable AND assignee_id IS NULL"):
            by_filter = _milliseconds(rows, rows.in_dialect(_BY_FILTER))
    return by_lanes, by_filter


def _milliseconds(rows: bulk.Board, sql: str) -> float:
    """The median of some looks, of which the first is not counted."""
    took = []
    for _ in range(_LOOKS + 1):
        begun = time.perf_counter()
        if len(rows.rows(sql)) != 1:
            raise RuntimeError(f"found nothing: {sql}")
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took[1:])


@contextmanager
def _index(rows: bulk.Board, columns: str, condition: str) -> Iterator[None]:
    """The index that the other way would have; without it the comparison would be with a scan."""
    rows.execute(f"CREATE INDEX tasks_trap ON tasks_task ({columns}) WHERE {condition}")
    try:
        yield
    finally:
        rows.execute("DROP INDEX tasks_trap")
        rows.commit()


_HEAD = """
SELECT id FROM tasks_task WHERE lane_id = {lane} AND claimable AND assignee_id IS NULL
ORDER BY priority, created_at, id LIMIT 1
"""
# Without statistics SQLite would take another index.
_HINTS = {"postgresql": "", "sqlite": "INDEXED BY tasks_trap"}
_HEAD_BY_DEPENDENCIES = """
SELECT t.id FROM tasks_task t {hint} WHERE t.lane_id = {lane} AND t.status = 'todo' AND t.assignee_id IS NULL
AND t.criteria_count > 0 AND NOT t.deferred AND NOT EXISTS (
    SELECT 1 FROM tasks_dependency d JOIN tasks_task o ON o.id = d.depends_on_id
    WHERE d.task_id = t.id AND o.status NOT IN ('done', 'cancelled')
) ORDER BY t.priority, t.created_at, t.id LIMIT 1
"""
_FITS = {
    "postgresql": """l.skills <@ '["docs", "python"]'::jsonb""",
    "sqlite": """NOT EXISTS (SELECT 1 FROM json_each(l.skills) s WHERE s.value NOT IN ('docs', 'python'))""",
}
_BY_LANES = {
    "postgresql": f"""
SELECT h.id FROM tasks_lane l CROSS JOIN LATERAL (
    SELECT t.id, t.priority, t.created_at FROM tasks_task t
    WHERE t.lane_id = l.id AND t.claimable AND t.assignee_id IS NULL
    ORDER BY t.priority, t.created_at, t.id LIMIT 1
) h WHERE {_FITS["postgresql"]} ORDER BY h.priority, h.created_at, h.id LIMIT 1
""",
    "sqlite": f"""
SELECT t.id FROM tasks_lane l JOIN tasks_task t ON t.id = (
    SELECT h.id FROM tasks_task h WHERE h.lane_id = l.id AND h.claimable AND h.assignee_id IS NULL
    ORDER BY h.priority, h.created_at, h.id LIMIT 1
) WHERE {_FITS["sqlite"]} ORDER BY t.priority, t.created_at, t.id LIMIT 1
""",
}
_BY_FILTER = {
    vendor: f"""
SELECT t.id FROM tasks_task t {hint} CROSS JOIN tasks_lane l WHERE l.id = t.lane_id
AND t.claimable AND t.assignee_id IS NULL AND {_FITS[vendor]}
ORDER BY t.priority, t.created_at, t.id LIMIT 1
"""
    for vendor, hint in _HINTS.items()
}
