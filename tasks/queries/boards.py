"""The board as a page shows it: its columns with their first cards, the four answers, the rail.

The number of queries is the same for any number of tasks, and each reads a bounded part of an index.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tasks.models import Dependency, Task
from tasks.queries import board_answers, board_cards, board_columns, board_filters, board_rail, event_log
from tasks.queries.board_cards import Card
from tasks.queries.board_filters import Filters

# How many tasks are told one by one what became of them; whoever missed more is better off with the board anew.
CHANGES = 100
_DEPENDENTS = 100


@dataclass(frozen=True)
class Shown:
    """A column on a page: its first cards, the place after which there are more, and how many there are up to 1,001."""

    name: str
    title: str
    cards: list[Card]
    more: str
    count: int


@dataclass(frozen=True)
class Board:
    """The board at one time; `seq` is the newest event that is certainly in it.

    `waiting` counts what cannot be claimed yet; null where the board is narrowed, and nobody counted.
    """

    seq: int
    columns: list[Shown]
    waiting: dict[str, int] | None
    answers: board_answers.Answers
    rail: board_rail.Rail


@dataclass(frozen=True)
class Changes:
    """What became of some tasks: the cards of those that are on the board, the ids of those that are not, and the
    count of every column."""

    cards: list[Card]
    left: list[int]
    counts: dict[str, int]
    waiting: dict[str, int] | None


def drawn(filters: Filters, *, now: datetime, waiting: bool = False, older: bool = False) -> Board:
    """The whole board. `waiting`: with the column of what cannot be claimed yet; `older`: with all that is done."""
    seq = event_log.newest()
    narrowing = board_filters.narrow(filters, now=now)
    names = [name for name in board_columns.COLUMNS if waiting or name != "waiting"]
    pages = {name: board_columns.page(name, narrowing, now=now, older=older) for name in names}
    cards = board_cards.of([pk for page in pages.values() for pk in page.ids], now=now)
    columns = [
        Shown(
            name,
            board_columns.COLUMNS[name].title,
            _in_order(cards, pages[name].ids, name),
            pages[name].more,
            board_columns.count(name, narrowing, now=now, older=older),
        )
        for name in names
    ]
    return Board(
        seq,
        columns,
        _waiting(filters),
        board_answers.given(now=now),
        board_rail.drawn(now=now),
    )


def more(filters: Filters, column: str, *, after: str, now: datetime, older: bool = False) -> Shown:
    """The next cards of a column, after a place in it."""
    narrowing = board_filters.narrow(filters, now=now)
    page = board_columns.page(column, narrowing, now=now, after=after, older=older)
    cards = board_cards.of(page.ids, now=now)
    title = board_columns.COLUMNS[column].title
    return Shown(column, title, _in_order(cards, page.ids, column), page.more, 0)


def changes(
    filters: Filters, ids: Collection[int], *, freed: Collection[int], now: datetime, waiting: bool = False
) -> Changes:
    """What became of these tasks, and of those that wait for the ones in `freed`: no event of theirs tells that a task
    they wait for was finished or re-opened."""
    asked = set(sorted(ids)[:CHANGES]) | _dependents(sorted(freed)[:CHANGES])
    narrowing = board_filters.narrow(filters, now=now)
    there = narrowing.among(Task.objects.filter(pk__in=asked))
    shown = set(there.values_list("pk", flat=True))
    cards = [
        card
        for card in board_cards.of(shown, now=now).values()
        if card.column in board_columns.COLUMNS and (waiting or card.column != "waiting")
    ]
    left = sorted(asked - {card.id for card in cards})
    names = [name for name in board_columns.COLUMNS if waiting or name != "waiting"]
    counts = {name: board_columns.count(name, narrowing, now=now) for name in names}
    return Changes(cards, left, counts, _waiting(filters))


def _in_order(cards: dict[int, Card], ids: list[int], column: str) -> list[Card]:
    """The cards of these ids that still stand in the column: some may have moved since the page was read."""
    return [cards[pk] for pk in ids if pk in cards and cards[pk].column == column]


def _waiting(filters: Filters) -> dict[str, int] | None:
    return None if filters.any else board_columns.waiting()


def _dependents(ids: Collection[int]) -> set[int]:
    edges = Dependency.objects.filter(depends_on__in=ids)
    return set(edges.values_list("task", flat=True)[:_DEPENDENTS])
