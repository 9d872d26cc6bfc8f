"""Highlights: the newest of each important kind in turn, then everything else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.models import Comment
from tasks.queries import highlights
from tasks.queries.excerpts import Excerpt

pytestmark = pytest.mark.once
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def entries(*kinds: str) -> list[highlights.Entry]:
    return [
        highlights.Entry(at, "ada", kind, NOW, Excerpt.of("x" * at)) for at, kind in enumerate(kinds, start=1)
    ]


def chosen(kinds: list[str], room: int) -> list[int]:
    return [entry.id for entry in highlights.choose(entries(*kinds), room=room, cost=lambda _: 1)]


def test_every_kind_of_entry_has_its_place():
    assert sorted(highlights.KINDS) == sorted(Comment.Kind.values)


def test_the_newest_of_each_important_kind_come_before_the_second_newest_of_any():
    kinds = [
        "decision",
        "decision",
        "failed",
        "failed",
        "failed",
        "note",
        "question",
        "pending",
        "move",
        "tried",
    ]
    importance = [5, 2, 8, 7, 4, 1, 3, 10, 9, 6]
    for room in range(len(kinds) + 1):
        assert chosen(kinds, room) == sorted(importance[:room])


def test_nothing_small_is_shown_instead_of_something_important():
    some = entries("note", *["note"] * 40, "failed")
    by_length = {"room": 41, "cost": lambda entry: entry.text.length}
    assert highlights.choose(some, **by_length) == []
    assert [entry.kind for entry in highlights.choose(some, **by_length | {"room": 42})] == ["failed"]


def test_the_order_of_the_rows_makes_no_difference():
    some = entries(*["failed", "note", "decision"] * 5)
    for room in range(15):
        one = highlights.choose(some, room=room, cost=lambda _: 1)
        assert one == highlights.choose(some[::-1], room=room, cost=lambda _: 1)
