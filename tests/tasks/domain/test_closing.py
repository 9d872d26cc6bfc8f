"""Cancel, reopen, release and take back: who may, and what is written down."""

from datetime import timedelta

import pytest

from tasks.domain import claims, closing
from tasks.models import Attempt, Comment, Event, Status
from tests.tasks import board_rows, states

LATER = timedelta(minutes=5)
# The verb, a state it starts from, and how it ends the attempt of a holder.
VERBS = [
    (closing.cancel, "cancel", Status.DOING, "cancelled", "task.cancelled"),
    (closing.release, "release", Status.DOING, "released", "task.released"),
    (closing.reopen, "reopen", Status.CANCELLED, None, "task.reopened"),
]


@pytest.mark.parametrize("who", ["zed", "rita", "olga"])
@pytest.mark.parametrize(("call", "verb", "status", "outcome", "event"), VERBS)
def test_the_creator_the_reviewer_and_a_human_may_close_and_open(
    request, ada, bob, zed, rita, olga, write, now, who, call, verb, status, outcome, event
):
    """Here zed wrote the task, rita reviews it, and olga is human and neither."""
    task = states.reach(write(by=zed, reviewer="rita"), status, worker=bob, now=now)
    by, later = request.getfixturevalue(who), now + LATER

    call(task, by=by, reason="Because %s", now=later)

    task.refresh_from_db()
    assert (task.assignee, task.reserved_until, task.lease_expires_at) == (None, None, None)
    comment = Comment.objects.latest("pk")
    assert (comment.text, comment.kind) == (f"{verb}: Because %s", "move")
    assert (comment.task, comment.author, comment.created_at) == (task, by, later)
    last = Event.objects.latest("pk")
    assert (last.kind, last.task, last.agent, last.data) == (event, task, by, {"reason": "Because %s"})
    if outcome:
        attempt = Attempt.objects.get()
        assert (attempt.outcome, attempt.ended_at) == (outcome, later)


@pytest.mark.parametrize("who", ["ada", "bob"])
@pytest.mark.parametrize(("call", "verb", "status", "outcome", "event"), VERBS)
def test_nobody_else_may_not_even_the_holder(
    request, ada, bob, zed, rita, write, now, who, call, verb, status, outcome, event
):
    task = states.reach(write(by=zed, reviewer="rita"), status, worker=bob, now=now)
    before, by = board_rows.read(), request.getfixturevalue(who)

    with pytest.raises(closing.NotYours, match="its creator, its reviewer or a human") as refusal:
        call(task, by=by, reason="Because", now=now)

    assert refusal.value.code == "forbidden"
    assert board_rows.read() == before


def test_a_task_is_taken_back_by_the_board_without_asking_anyone(ada, write, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    closing.take_back(task, by=None, reason="Silent for an hour", now=now + LATER)
    task.refresh_from_db()
    assert (task.status, task.assignee, task.claimable) == ("todo", None, True)
    assert Attempt.objects.get().outcome == "reclaimed"
    reason, handed_over = Comment.objects.order_by("pk")
    assert (reason.author, reason.text) == (None, "reclaim: Silent for an hour")
    assert handed_over.text.startswith("handoff 1 to the pool\nDone: ")
    assert Event.objects.filter(task=task).latest("pk").kind == "task.reclaimed"


def test_a_verb_in_the_wrong_state_says_from_which_states_it_starts(ada, olga, write, now):
    task = states.reach(write(), Status.VALIDATING, worker=ada, now=now)
    with pytest.raises(closing.WrongState) as refusal:
        closing.reopen(task, by=olga, reason="Because", now=now)
    assert refusal.value.detail == f"{task.ref} is validating; reopen starts from cancelled or done."


def test_a_reopened_task_is_ready_for_anyone_and_keeps_its_place(ada, bob, olga, write, now):
    task = write(assignee="ada")
    write("younger", now=now + LATER)
    closing.cancel(task, by=olga, reason="Not needed", now=now)
    closing.reopen(task, by=olga, reason="Needed after all", now=now + 2 * LATER)
    assert claims.next_task("bob", now=now + 2 * LATER).task_ids == [task.pk]


def test_a_reason_cannot_be_lost_by_a_failing_log(ada, olga, write, now, monkeypatch):
    """All or nothing: where the log entry cannot be written, the move is not made."""
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    before = board_rows.read()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(closing.comments, "append", fail)
    with pytest.raises(RuntimeError):
        closing.cancel(task, by=olga, reason="Because", now=now)
    assert board_rows.read() == before
