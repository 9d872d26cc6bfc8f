"""What the board asks of the database, for its plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tasks.models import Task
from tasks.queries import board_columns, board_filters, boards
from tests.benchmarks import filling

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SHOWN = board_columns.COUNTED_TO + 300
LOOKED = board_columns.LOOKED_THROUGH + 150


def shown(**narrowed: object) -> Callable[[], object]:
    return lambda: boards.drawn(board_filters.Filters(**narrowed), now=NOW)  # type: ignore[arg-type]


def everything_shown() -> object:
    return boards.drawn(board_filters.Filters(), now=NOW, waiting=True, older=True)


def further(column: str) -> Callable[[], object]:
    """The second page of a column."""

    def look() -> object:
        first = board_columns.page(column, board_filters.EVERYTHING, now=NOW, older=True)
        return boards.more(board_filters.Filters(), column, after=first.more, now=NOW, older=True)

    return look


def changed() -> object:
    ids = list(Task.objects.order_by("-pk").values_list("pk", flat=True)[:20])
    return boards.changes(board_filters.Filters(), ids, freed=ids, now=NOW)


# What is asked, how many rows of the large tables one statement may read, and the indexes it cannot do without.
QUESTIONS: dict[str, tuple[Callable[[], object], int, str | None]] = {
    "the board": (shown(), SHOWN, "task_ready_first"),
    "the whole board": (everything_shown, SHOWN, None),
    "the board of a project": (shown(project="attic"), LOOKED, None),
    "the board of a label": (shown(label=filling.RARE_LABEL), SHOWN, None),
    "the board of an agent": (shown(assignee="holder-3"), LOOKED, None),
    "the board of a priority": (shown(priority=3), LOOKED, None),
    "the board of words": (shown(text="4711"), SHOWN, None),
    "what is stuck on the board": (shown(stuck="stale"), SHOWN, None),
    "what needs you on the board": (shown(stuck="you"), SHOWN, None),
    "the next ready": (further("ready"), SHOWN, "task_ready_first"),
    "the next done": (further("done"), SHOWN, None),
    "the next waiting": (further("waiting"), SHOWN, None),
    "what became of some": (changed, SHOWN, None),
}
