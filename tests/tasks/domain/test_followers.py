"""Followers are told of what happened once a transaction, at its end, and never of what did not happen after all."""

import pytest
from django.db import transaction

from tasks.domain import events, followers, transactions
from tasks.models import Event


@pytest.fixture
def told(monkeypatch):
    """What a follower of `a` and `b` was told, a list for each call, and how many events were written by then."""
    monkeypatch.setattr(followers, "_followers", {})
    calls = []

    def follower(happenings):
        calls.append(([one.data["n"] for one in happenings], Event.objects.count()))

    followers.follow("a", follower)
    followers.follow("b", follower)
    return calls


def record(kind, n, now):
    events.record(kind, now=now, n=n)


def fail_after(kind, n, now):
    def change():
        with transactions.change():
            record(kind, n, now)
            raise KeyError

    with pytest.raises(KeyError):
        change()


def test_all_that_happened_in_a_change_is_told_at_its_end_in_one_call(db, told, now):
    with transactions.change():
        record("a", 1, now)
        with transactions.change():
            record("b", 2, now)
        record("c", 3, now)
        record("a", 4, now)
        assert told == []
    assert told == [([1, 2, 4], 4)]


def test_what_happened_in_a_change_that_failed_is_not_told(db, told, now):
    with transactions.change():
        record("a", 1, now)
        fail_after("a", 2, now)
        record("a", 3, now)
    assert told == [([1, 3], 2)]
    fail_after("a", 4, now)
    with transactions.change():
        record("b", 5, now)
    assert told[1:] == [([5], 3)]


def test_what_is_to_be_undone_is_not_told(db, told, now):
    with transaction.atomic():
        with transactions.change():
            record("a", 1, now)
            transaction.set_rollback(True)
        transaction.set_rollback(False)
    assert told == []


def test_a_follower_that_fails_undoes_what_it_was_told_of(db, told, now):
    def fail(_):
        raise KeyError("no")

    followers.follow("a", fail)
    with pytest.raises(KeyError), transactions.change():
        record("a", 1, now)
    assert Event.objects.count() == 0
    with transactions.change():
        record("b", 2, now)
    assert told[-1] == ([2], 1)


def test_what_a_follower_does_is_told_too(db, told, now):
    followers.follow("c", lambda happenings: [record("a", one.data["n"] * 10, now) for one in happenings])
    with transactions.change():
        record("c", 1, now)
        record("b", 2, now)
    assert told == [([2], 3), ([10], 3)]


def test_outside_of_a_change_it_is_told_at_once_but_never_outside_of_a_transaction(own_board, told, now):
    with transaction.atomic():
        record("a", 1, now)
        assert told == [([1], 1)]
    with pytest.raises(RuntimeError, match="outside of a transaction"):
        record("a", 2, now)
    record("c", 3, now)


def test_many_events_at_once_are_told_one_by_one(db, told, write, now):
    tasks = [write().pk, write().pk]
    with transactions.change():
        events.record_many("a", tasks, now=now, n=1)
    assert told[0][0] == [1, 1]


def test_an_event_is_told_as_it_was_recorded(ada, monkeypatch, write, now):
    monkeypatch.setattr(followers, "_followers", {})
    seen = []
    followers.follow("a", seen.extend)
    task = write()
    with transactions.change():
        events.record("a", now=now, task_id=task.pk, by=ada, word="x")
    assert seen == [followers.Happening("a", now, task.pk, ada, {"word": "x"})]


def test_who_follows_twice_is_told_once(db, told, now):
    again = followers._followers["a"][0]
    followers.follow("a", again)
    with transactions.change():
        record("a", 1, now)
    assert len(told) == 1
