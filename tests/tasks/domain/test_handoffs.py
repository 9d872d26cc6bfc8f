"""Passing a task on: nothing goes without words, and nobody goes on without having read them."""

from datetime import timedelta

import pytest

from tasks.domain import agents, blocks, claims, comments, handoffs, staleness, submissions
from tasks.domain.leases import LeaseLost
from tasks.domain.refusals import Invalid, Refusal
from tasks.models import Comment, Event, Handoff
from tests.tasks import board_rows

WORDS = handoffs.Words("The parser", "The tests", "The cache lies")
HOUR = timedelta(hours=1)


@pytest.fixture
def held(ada, write, now):
    """A task that ada holds under lease 1."""
    task = write()
    claims.claim(task, by=ada, now=now)
    task.refresh_from_db()
    return task


@pytest.fixture
def passed(held, ada, bob, now):
    """A task that ada handed to bob, who holds it under lease 2 and has not read back."""
    handoffs.hand_off(held, WORDS, to=bob, by=ada, lease=1, now=now)
    claims.claim(held, by=bob, now=now)
    held.refresh_from_db()
    return held


def refuses(kind, call):
    before = board_rows.read()
    with pytest.raises(kind) as refusal:
        call()
    assert board_rows.read() == before
    return refusal.value


def test_a_handoff_frees_the_task_for_the_one_it_names(held, ada, bob, now, settings):
    handoff = handoffs.hand_off(held, WORDS, to=bob, by=ada, lease=1, now=now)

    held.refresh_from_db()
    assert (held.status, held.assignee, held.readback_due) == ("todo", bob, True)
    assert held.reserved_until == now + settings.RESERVE_FOR
    assert (handoff.number, handoff.by, handoff.to) == (1, ada, bob)
    event = Event.objects.filter(task=held).latest("pk")
    assert (event.kind, event.data) == ("task.handed_off", {"handoff": 1, "to": "bob"})
    entry = Comment.objects.get(task=held)
    assert (entry.kind, entry.author) == ("move", ada)
    assert entry.text == "handoff 1 to bob\nDone: The parser\nPending: The tests\nGotchas: The cache lies"


def test_a_handoff_to_the_pool_is_for_whoever_comes(held, ada, zed, now):
    handoffs.hand_off(held, WORDS, to=None, by=ada, lease=1, now=now)
    held.refresh_from_db()
    assert (held.assignee, held.reserved_until) == (None, None)
    assert claims.next_task("zed", now=now) == claims.Work([held.pk], resumed=False)


@pytest.mark.parametrize("missing", ["done", "pending", "gotchas"])
def test_a_handoff_that_leaves_something_unsaid_is_refused(held, ada, now, missing):
    words = handoffs.Words(**{"done": "a", "pending": "b", "gotchas": "c", missing: " \n"})
    refusal = refuses(Invalid, lambda: handoffs.hand_off(held, words, to=None, by=ada, lease=1, now=now))
    assert list(refusal.extra["errors"]) == [missing]


def test_a_task_is_not_handed_to_its_reviewer(ada, write, now):
    task = write(reviewer="rita")
    claims.claim(task, by=ada, now=now)
    rita = agents.find("rita")
    refusal = refuses(Invalid, lambda: handoffs.hand_off(task, WORDS, to=rita, by=ada, lease=1, now=now))
    assert list(refusal.extra["errors"]) == ["to"]


@pytest.mark.parametrize(("name", "lease"), [("ada", 0), ("ada", 2), ("bob", 1)])
def test_only_the_holder_hands_off_under_its_lease(held, ada, bob, now, name, lease):
    by = agents.find(name)
    refuses(LeaseLost, lambda: handoffs.hand_off(held, WORDS, to=None, by=by, lease=lease, now=now))


def test_the_next_holder_can_do_nothing_with_it_before_it_has_read_back(passed, bob, now):
    handed_in = submissions.HandIn("s", [(1, "e")])
    calls = [
        lambda: submissions.submit(passed, handed_in, by=bob, lease=2, now=now),
        lambda: blocks.block(passed, blocks.Obstacle("a", "b"), by=bob, lease=2, now=now),
    ]
    for call in calls:
        refusal = refuses(handoffs.ReadbackNeeded, call)
        assert refusal.code == "readback_needed"
        assert refusal.extra["handoff"] == {
            "id": 1, "from": "ada", "done": "The parser", "pending": "The tests", "gotchas": "The cache lies",
        }  # fmt: skip
        assert "/handoffs/1/readback" in refusal.fix


def test_it_may_comment_and_hand_off_without(passed, bob, now):
    comments.write(passed, by=bob, text="Looking", kind="note", lease=2, now=now)
    second = handoffs.hand_off(passed, WORDS, to=None, by=bob, lease=2, now=now)
    passed.refresh_from_db()
    assert (second.number, passed.readback_due) == (2, True)


def test_a_read_back_is_a_word_and_lets_it_go_on(passed, bob, now):
    later = now + HOUR / 2
    handoffs.read_back(passed, 1, text="Tests first", by=bob, lease=2, now=later)

    passed.refresh_from_db()
    assert (passed.readback_due, passed.last_word_at) == (False, later)
    assert passed.lease_expires_at == later + HOUR
    handoff = Handoff.objects.get()
    assert (handoff.read_by, handoff.read_at, handoff.readback) == (bob, later, "Tests first")
    assert Comment.objects.latest("pk").text == "read back handoff 1: Tests first"
    assert Event.objects.latest("pk").kind == "task.read_back"
    submissions.submit(passed, submissions.HandIn("s", [(1, "e")]), by=bob, lease=2, now=later)


def test_a_read_back_clears_the_stale_flag_as_any_word_of_the_holder_does(passed, bob, now):
    later = now + HOUR / 2
    assert staleness.flag(now=later) == 1
    handoffs.read_back(passed, 1, text="Tests first", by=bob, lease=2, now=later)
    passed.refresh_from_db()
    assert passed.flagged_at is None
    assert staleness.flag(now=later) == 0


def test_a_read_back_is_of_the_newest_handoff_once_and_by_its_holder(passed, ada, bob, now):
    def read(number, by=bob, lease=2):
        return lambda: handoffs.read_back(passed, number, text="x", by=by, lease=lease, now=now)

    refuses(LeaseLost, read(1, by=ada, lease=1))
    refuses(LeaseLost, read(1, lease=1))
    refuses(handoffs.NoSuchHandoff, read(2))
    handoffs.hand_off(passed, WORDS, to=bob, by=bob, lease=2, now=now)
    claims.claim(passed, by=bob, now=now)
    assert "newest handoff" in refuses(handoffs.WrongState, read(1, lease=3)).detail
    read(2, lease=3)()
    assert "read back already" in refuses(handoffs.WrongState, read(2, lease=3)).detail


def test_a_stranger_who_takes_it_when_the_reservation_lapsed_has_to_read_it_too(held, ada, bob, zed, now):
    handoffs.hand_off(held, WORDS, to=bob, by=ada, lease=1, now=now)
    later = now + 5 * HOUR
    assert claims.next_task("zed", now=later) == claims.Work([held.pk], resumed=False)
    handed_in = submissions.HandIn("s", [(1, "e")])
    with pytest.raises(Refusal, match="has not read back"):
        submissions.submit(held, handed_in, by=zed, lease=2, now=later)
