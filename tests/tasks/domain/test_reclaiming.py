"""Reclaiming: a silent holder's task goes back to everyone, and after enough of that to a human."""

from datetime import timedelta

import pytest

from tasks.domain import (
    agents,
    claims,
    comments,
    handoffs,
    leases,
    reclaiming,
    rounds,
    staleness,
    submissions,
)
from tasks.models import Attempt, Comment, Event, Handoff, Task
from tests.tasks import board_rows, invariants, states

MINUTE = timedelta(minutes=1)
SILENT = 60 * MINUTE


@pytest.fixture
def held(ada, write, now):
    return states.reach(write(labels=["x"]), "doing", worker=ada, now=now)


def test_a_task_walks_through_flagged_warned_reclaimed_claimed_again_zombie_refused_and_given_up(
    held, ada, bob, now, settings
):
    settings.MAX_ATTEMPTS = 2
    comments.write(held, by=ada, text="The handler is in a.py", kind="note", lease=1, now=now)
    comments.write(held, by=ada, text="Caching breaks it", kind="failed", lease=1, now=now)

    assert staleness.flag(now=now + 30 * MINUTE) == 1
    assert "is taken back at 2026-03-02 13:00:00 UTC" in Comment.objects.latest("pk").text
    assert reclaiming.take_back(now=now + SILENT) == 1
    held.refresh_from_db()
    assert (held.status, held.assignee, held.claimable, held.flagged_at) == ("todo", None, True, None)

    again = now + SILENT + MINUTE
    assert claims.next_task("bob", now=again).task_ids == [held.pk]
    refusal = lost(held, ada, 1, again)
    assert refusal.detail == (
        f"Your lease on {held.ref} was taken back at 2026-03-02 13:00:00 UTC: ada wrote nothing to its log for 1h."
        " bob holds it now."
    )
    assert f"POST /tasks/{held.ref}/comments without a lease tells bob what you found" in refusal.fix

    assert reclaiming.take_back(now=again + SILENT) == 1
    held.refresh_from_db()
    assert (held.status, held.assignee) == ("blocked", None)
    assert held.asks_human == "Taken back 2 times in a row; is it the right task, and can it be done?"
    assert "It is blocked now." in lost(held, bob, 3, again + SILENT).detail
    outcomes = Attempt.objects.order_by("token").values_list("agent__name", "token", "outcome")
    assert list(outcomes) == [("ada", 1, "reclaimed"), ("bob", 3, "given_up")]
    assert invariants.broken() == []


def test_a_lease_is_good_until_the_moment_it_runs_out_and_any_word_starts_it_anew(held, ada, now):
    before = board_rows.read()
    assert reclaiming.take_back(now=now + SILENT - timedelta(microseconds=1)) == 0
    assert board_rows.read() == before
    for hour in range(1, 30):
        comments.write(held, by=ada, text="Slow", kind="note", lease=1, now=now + hour * SILENT - MINUTE)
        assert reclaiming.take_back(now=now + hour * SILENT) == 0
    agents.heartbeat(ada, status="working", note="", now=now + 30 * SILENT)
    assert reclaiming.take_back(now=now + 30 * SILENT) == 1


def test_what_is_written_down(held, ada, now):
    comments.write(held, by=ada, text="The tests", kind="pending", lease=1, now=now + MINUTE)
    at = now + SILENT + MINUTE
    reclaiming.take_back(now=at)

    event = Event.objects.get(kind="task.reclaimed")
    assert (event.task, event.agent, event.at) == (held, None, at)
    assert event.data == {
        "worker": "ada",
        "reason": "ada wrote nothing to its log for 1h",
        "last_word": "2026-03-02T12:01:00+00:00",
        "attempts": 1,
    }
    reason, handed_over = Comment.objects.order_by("pk")[1:]
    for comment in (reason, handed_over):
        assert (comment.author, comment.kind, comment.created_at) == (None, "move", at)
    assert reason.text == "reclaim: ada wrote nothing to its log for 1h."
    done, gotchas = "The log names nothing that was done.", "The log names no failed attempt and no decision."
    pending = "- pending (ada): The tests"
    assert handed_over.text == f"handoff 1 to the pool\nDone: {done}\nPending: {pending}\nGotchas: {gotchas}"
    handoff = Handoff.objects.get()
    assert (handoff.number, handoff.by, handoff.to, handoff.created_at) == (1, None, None, at)
    assert (handoff.done, handoff.pending, handoff.gotchas) == (done, pending, gotchas)
    assert Task.objects.get(pk=held.pk).readback_due
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.ended_at) == ("reclaimed", at)


def test_it_raises_the_token_so_that_the_old_lease_is_of_no_use_whoever_holds_the_task(held, ada, now):
    reclaiming.take_back(now=now + SILENT)
    assert Task.objects.get(pk=held.pk).lease_token == 2
    refusal = lost(held, ada, 1, now + SILENT)
    assert "It is in the queue again." in refusal.detail
    assert refusal.fix.startswith(f"POST /tasks/{held.ref}/claim takes it again")
    claims.claim(held, by=ada, now=now + SILENT)
    assert lost(held, ada, 1, now + SILENT).detail == f"ada holds {held.ref} under a newer lease."
    assert lost(held, ada, 2, now + SILENT)
    assert comments.write(held, by=ada, text="Back", kind="note", lease=3, now=now + SILENT).by_holder


def test_an_attempt_that_ended_otherwise_breaks_the_row_of_silent_ones(held, bob, now, settings):
    settings.MAX_ATTEMPTS = 2
    at = now + SILENT
    reclaiming.take_back(now=at)
    claims.claim(held, by=bob, now=at)
    handoffs.read_back(held, 1, text="r", by=bob, lease=3, now=at)
    handed_in = submissions.HandIn("s", [(1, "e")])
    submissions.submit(held, handed_in, by=bob, lease=3, now=at)
    states.reject(held, now=at)
    claims.claim(held, by=bob, now=at)

    reclaiming.take_back(now=at + SILENT)
    assert Task.objects.get(pk=held.pk).status == "todo"
    claims.claim(held, by=bob, now=at + SILENT)
    reclaiming.take_back(now=at + 2 * SILENT)
    assert Task.objects.get(pk=held.pk).status == "blocked"


def test_what_a_task_asks_a_human_stays_asked(held, now):
    Task.objects.filter(pk=held.pk).update(asks_human="Rejected 3 times")
    reclaiming.take_back(now=now + SILENT)
    assert Task.objects.get(pk=held.pk).asks_human == "Rejected 3 times"


def test_many_are_taken_back_in_rounds_with_a_few_statements_each(
    ada, write, now, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(rounds, "FEWEST", dict.fromkeys(rounds.FEWEST, 3))
    monkeypatch.setattr(rounds, "MOST", 3)
    agents.change(ada, by=None, now=now, wip_limit=9)
    for _ in range(7):
        states.reach(write(labels=["x"]), "doing", worker=ada, now=now)
    with django_assert_max_num_queries(3 * 25):
        assert reclaiming.take_back(now=now + SILENT) == 7
    assert Task.objects.filter(claimable=True, assignee=None).count() == 7
    assert Event.objects.filter(kind="task.reclaimed").count() == 7
    assert invariants.broken() == []


def test_all_of_a_round_is_written_or_none_of_it(held, now, monkeypatch):
    before = board_rows.read()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(reclaiming.notices, "write", fail)
    with pytest.raises(RuntimeError):
        reclaiming.take_back(now=now + SILENT)
    assert board_rows.read() == before


def test_whoever_finds_nothing_else_takes_back_what_is_overdue_without_any_scheduler(held, write, bob, now):
    assert isinstance(claims.next_task("bob", now=now + SILENT - MINUTE), claims.Nothing)
    assert claims.next_task("bob", now=now + SILENT).task_ids == [held.pk]
    assert Attempt.objects.get(agent__name="ada").outcome == "reclaimed"


def test_whoever_finds_something_else_leaves_that_to_the_scheduler(held, write, bob, now):
    other = write("Other")
    assert claims.next_task("bob", now=now + SILENT).task_ids == [other.pk]
    assert Task.objects.get(pk=held.pk).status == "doing"


def test_an_overdue_task_can_be_claimed_and_its_holder_gets_it_as_it_is(held, ada, bob, now):
    assert claims.claim(held, by=ada, now=now + SILENT).resumed
    with pytest.raises(claims.AlreadyClaimed):
        claims.claim(held, by=bob, now=now + SILENT - MINUTE)
    assert claims.claim(held, by=bob, now=now + SILENT).task_ids == [held.pk]


def lost(task, agent, token, now):
    before = board_rows.read()
    with pytest.raises(leases.LeaseLost) as refusal:
        comments.write(task, by=agent, text="Mine", kind="note", lease=token, now=now)
    assert board_rows.read() == before
    return refusal.value
