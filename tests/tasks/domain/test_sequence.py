"""The sequence: what is committed is numbered when somebody reads, in the order it can be seen, once and for all."""

import pytest
from django.db import connection, transaction

from tasks.domain import events, sequence
from tasks.models import Event
from tests.races.together import together

only_on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite events have their number from the start"
)


def record(count, now, kind="board.tested"):
    for n in range(count):
        events.record(kind, now=now, n=n)


def numbers():
    return list(Event.objects.order_by("pk").values_list("seq", flat=True))


def test_events_are_numbered_from_1_in_the_order_they_were_recorded(db, now):
    record(5, now)
    sequence.catch_up()
    assert numbers() == [1, 2, 3, 4, 5]
    record(2, now)
    assert sequence.catch_up() == (connection.vendor == "postgresql")
    assert not sequence.catch_up()
    assert numbers() == [1, 2, 3, 4, 5, 6, 7]


def test_an_event_that_was_undone_leaves_no_gap(own_board, now):
    record(1, now)
    with transaction.atomic():
        record(3, now)
        transaction.set_rollback(True)
    record(1, now)
    sequence.catch_up()
    assert numbers() == [1, 2]


def test_a_lot_that_was_recorded_at_once_is_numbered_too(db, olga, now):
    Event.objects.bulk_create([Event(kind="board.tested", at=now) for _ in range(30)])
    sequence.catch_up()
    assert numbers() == list(range(1, 32))


@only_on_postgresql
def test_a_reader_numbers_a_bounded_lot_and_the_next_one_goes_on(db, now, monkeypatch):
    monkeypatch.setattr(sequence, "AT_ONCE", 2)
    monkeypatch.setattr(sequence, "ROUNDS", 3)
    record(8, now)
    sequence.catch_up()
    assert numbers() == [1, 2, 3, 4, 5, 6, None, None]
    sequence.catch_up()
    assert numbers() == [1, 2, 3, 4, 5, 6, 7, 8]


@only_on_postgresql
def test_what_slower_writers_commit_later_comes_after_what_was_numbered(own_board, now):
    slow = connection.copy()
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(events.RECORD + " VALUES ('board.slow', now(), NULL, NULL, '{}')")
        record(2, now)
        sequence.catch_up()
        assert numbers() == [1, 2]
        slow.commit()
    finally:
        slow.close()
    record(1, now)
    sequence.catch_up()
    # By id, the slow one is the first.
    assert list(Event.objects.order_by("pk").values_list("kind", "seq")) == [
        ("board.slow", 3),
        ("board.tested", 1),
        ("board.tested", 2),
        ("board.tested", 4),
    ]


def test_a_page_is_filled_with_what_was_committed_since_and_numbers_no_more_than_it_needs(db, now):
    record(4, now)
    assert [entry.seq for entry in sequence.after(0, limit=10).entries] == [1, 2, 3, 4]
    record(3, now)
    numbered = connection.vendor == "sqlite"
    assert sequence.after(0, limit=3).more
    assert (None not in numbers()) == numbered
    page = sequence.after(3, limit=3)
    assert ([entry.seq for entry in page.entries], page.more) == ([4, 5, 6], True)


def test_readers_who_number_at_the_same_moment_give_each_number_once(own_board, now):
    record(300, now)
    outcomes = together([sequence.catch_up] * 8)
    assert set(outcomes) <= {True, False}
    assert sorted(numbers()) == list(range(1, 301))


def test_of_readers_who_come_at_the_same_moment_each_sees_all_that_was_there(own_board, now):
    for turn in range(1, 9):
        record(50, now)
        pages = together([lambda: sequence.after(0, limit=500)] * 8)
        assert [len(page.entries) for page in pages] == [50 * turn] * 8
