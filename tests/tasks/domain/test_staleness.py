"""Staleness: a holder that has gone quiet is told so once, and its next word ends that."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from tasks.domain import agents, claims, closing, comments, editing, notices, rounds, staleness
from tasks.models import Comment, Event, Task
from tests.tasks import board_rows, states

MINUTE = timedelta(minutes=1)
STALE = 30 * MINUTE


@pytest.fixture
def held(ada, write, now):
    return states.reach(write(), "doing", worker=ada, now=now)


def test_a_task_is_flagged_at_its_time_and_not_before_and_once(held, ada, now):
    before = board_rows.read()
    assert staleness.flag(now=now + STALE - timedelta(microseconds=1)) == 0
    assert board_rows.read() == before

    assert staleness.flag(now=now + STALE) == 1
    held.refresh_from_db()
    assert held.flagged_at == now + STALE
    comment = Comment.objects.get(task=held)
    assert (comment.author, comment.kind, comment.created_at) == (None, "note", now + STALE)
    assert comment.text == (
        "stale: ada has written nothing here since 2026-03-02 12:00:00 UTC. A comment by ada keeps the task;"
        " without one it is taken back at 2026-03-02 13:00:00 UTC."
    )
    event = Event.objects.get(kind="task.stale")
    assert (event.task, event.agent, event.at) == (held, None, now + STALE)
    assert event.data == {
        "holder": "ada",
        "last_word": "2026-03-02T12:00:00+00:00",
        "taken_back": "2026-03-02T13:00:00+00:00",
    }

    flagged = board_rows.read()
    assert staleness.flag(now=now + STALE + MINUTE) == 0
    assert board_rows.read() == flagged


def test_the_flag_moves_no_clock_but_its_own(held, now):
    before = Task.objects.values().get(pk=held.pk)
    staleness.flag(now=now + STALE)
    after = Task.objects.values().get(pk=held.pk)
    assert {name for name in before if before[name] != after[name]} == {"flagged_at"}


def test_neither_a_stranger_nor_the_board_nor_a_heartbeat_keeps_a_task_from_turning_stale(
    held, ada, zed, now
):
    later = now + STALE - MINUTE
    comments.write(held, by=zed, text="Any news?", kind="question", lease=None, now=later)
    notices.write({held.pk: "The board says something"}, kind=Comment.Kind.NOTE, now=later)
    agents.heartbeat(ada, status="working", note="", now=later)
    assert staleness.flag(now=now + STALE) == 1


def test_a_word_by_the_holder_ends_it_and_it_can_turn_stale_again(held, ada, zed, now):
    staleness.flag(now=now + STALE)
    comments.write(held, by=zed, text="Any news?", kind="question", lease=None, now=now + STALE)
    assert Task.objects.get(pk=held.pk).flagged_at

    comments.write(held, by=ada, text="Still at it", kind="note", lease=1, now=now + STALE + MINUTE)
    assert Task.objects.get(pk=held.pk).flagged_at is None
    assert staleness.flag(now=now + 2 * STALE) == 0
    assert staleness.flag(now=now + 2 * STALE + MINUTE) == 1
    assert Event.objects.filter(kind="task.stale").count() == 2


def test_the_flag_ends_with_the_lease(held, bob, olga, now):
    staleness.flag(now=now + STALE)
    closing.release(held, by=olga, reason="Silent", now=now + STALE)
    assert Task.objects.get(pk=held.pk).flagged_at is None
    claims.claim(held, by=bob, now=now + STALE)
    assert staleness.flag(now=now + STALE + MINUTE) == 0


def test_a_longer_stale_after_takes_the_flag_away_and_a_shorter_one_leaves_it(held, olga, now):
    staleness.flag(now=now + STALE)
    editing.edit(held, by=olga, now=now + STALE, stale_after=20 * 60)
    assert Task.objects.get(pk=held.pk).flagged_at == now + STALE
    editing.edit(held, by=olga, now=now + STALE, stale_after=2 * 3600)
    assert Task.objects.get(pk=held.pk).flagged_at is None


def test_many_are_flagged_in_rounds_with_a_few_statements_each(
    ada, write, now, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(rounds, "FEWEST", dict.fromkeys(rounds.FEWEST, 3))
    monkeypatch.setattr(rounds, "MOST", 3)
    agents.change(ada, by=None, now=now, wip_limit=9)
    for _ in range(7):
        states.reach(write(), "doing", worker=ada, now=now)
    with django_assert_max_num_queries(3 * 11):
        assert staleness.flag(now=now + STALE) == 7
    assert Task.objects.filter(flagged_at=now + STALE).count() == 7


def test_all_of_a_round_is_written_or_none_of_it(held, now, monkeypatch):
    before = board_rows.read()

    def fail(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(staleness.events, "record_each", fail)
    with pytest.raises(IntegrityError):
        staleness.flag(now=now + STALE)
    assert board_rows.read() == before
