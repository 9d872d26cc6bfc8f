"""Blocks: they say what they need, end by themselves where they can, and never in a circle."""

from datetime import timedelta

import pytest

from tasks.domain import blocks, claims, closing, editing
from tasks.domain.refusals import Invalid
from tasks.models import Block, Comment, Dependency, Event, Status
from tests.tasks import board_rows, invariants, states


@pytest.fixture
def held(ada, write, now):
    """A task that ada holds under lease 1."""
    task = write()
    claims.claim(task, by=ada, now=now)
    return task


def block(task, ada, now, *refs):
    stop = blocks.Obstacle("No schema", "The schema from @olga", refs)
    blocks.block(task, stop, by=ada, lease=task_token(task), now=now)
    task.refresh_from_db()


def task_token(task):
    task.refresh_from_db()
    return task.lease_token


def newest_event(task):
    event = Event.objects.filter(task=task).latest("pk")
    return event.kind, event.data, event.agent and event.agent.name


def test_a_block_says_why_and_what_it_needs(held, ada, now):
    block(held, ada, now)

    assert (held.status, held.assignee) == ("blocked", ada)
    stop = blocks.open_block(held.pk)
    assert (stop.number, stop.by, stop.reason, stop.needs, stop.waits) == (
        1, ada, "No schema", "The schema from @olga", False,
    )  # fmt: skip
    data = {"block": 1, "reason": "No schema", "needs": "The schema from @olga", "depends_on": []}
    assert newest_event(held) == ("task.blocked", data, "ada")
    assert Comment.objects.get(task=held).text == "block 1: No schema\nNeeds: The schema from @olga"


def test_anyone_unblocks_with_a_resolution_and_the_last_holder_gets_it_first(held, ada, zed, now, settings):
    block(held, ada, now)
    later = now + timedelta(minutes=5)
    blocks.unblock(held, by=zed, resolution="It is in docs/", now=later)

    held.refresh_from_db()
    assert (held.status, held.assignee, held.reserved_until) == ("todo", ada, later + settings.RESERVE_FOR)
    stop = Block.objects.get()
    assert (stop.ended_at, stop.ended_by, stop.resolution) == (later, zed, "It is in docs/")
    assert newest_event(held) == ("task.unblocked", {"resolution": "It is in docs/", "worker": "ada"}, "zed")
    assert Comment.objects.latest("pk").text == "unblock: It is in docs/"
    assert claims.next_task("ada", now=later) == claims.Work([held.pk], resumed=False)


def test_what_is_not_blocked_is_not_unblocked(held, ada, now):
    before = board_rows.read()
    with pytest.raises(blocks.NotBlocked, match="is doing, not blocked"):
        blocks.unblock(held, by=ada, resolution="x", now=now)
    assert board_rows.read() == before


@pytest.mark.parametrize("end", ["done", "cancelled"])
def test_it_ends_by_itself_when_all_it_waits_for_is_finished(held, ada, bob, write, now, end):
    first, second = write("first"), write("second")
    block(held, ada, now, first.ref, second.ref)
    assert held.open_blockers == 2

    states.reach(first, Status(end), worker=bob, now=now)
    held.refresh_from_db()
    assert held.status == "blocked"
    states.reach(second, Status(end), worker=bob, now=now)

    held.refresh_from_db()
    assert (held.status, held.assignee, held.claimable) == ("todo", ada, True)
    resolution = f"{second.ref} is {end}, and nothing else is waited for."
    assert newest_event(held) == ("task.unblocked", {"resolution": resolution, "worker": "ada"}, None)
    assert Comment.objects.filter(task=held).latest("pk").text == f"unblock: {resolution}"
    assert invariants.broken() == []


def test_a_block_that_waits_for_nobody_does_not_end_when_a_dependency_does(ada, bob, olga, write, now):
    other = states.reach(write("other"), Status.CANCELLED, worker=bob, now=now)
    task = write(depends_on=[other.ref])
    claims.claim(task, by=ada, now=now)
    closing.reopen(other, by=olga, reason="Again", now=now)
    block(task, ada, now)
    states.reach(other, Status.DONE, worker=bob, now=now)
    task.refresh_from_db()
    assert (task.status, task.open_blockers) == ("blocked", 0)


def test_unblocking_by_hand_forgets_what_the_block_brought_and_keeps_the_rest(ada, bob, olga, write, now):
    other = states.reach(write("other"), Status.CANCELLED, worker=bob, now=now)
    task, extra = write(depends_on=[other.ref]), write("extra")
    claims.claim(task, by=ada, now=now)
    closing.reopen(other, by=olga, reason="Again", now=now)
    block(task, ada, now, extra.ref)
    assert task.open_blockers == 2

    blocks.unblock(task, by=olga, resolution="Do without", now=now)

    task.refresh_from_db()
    assert (task.open_blockers, task.claimable) == (1, False)
    assert list(Dependency.objects.filter(task=task).values_list("depends_on", flat=True)) == [other.pk]
    assert invariants.broken() == []


def test_a_block_on_what_waits_for_this_task_is_refused(held, ada, write, now):
    waiting = write("waiting", depends_on=[held.ref])
    later = write("later", depends_on=[waiting.ref])
    before = board_rows.read()
    for ref in (held.ref, waiting.ref, later.ref):
        with pytest.raises(Invalid) as refusal:
            block(held, ada, now, ref)
        assert list(refusal.value.extra["errors"]) == ["depends_on"]
    assert board_rows.read() == before


def test_a_block_on_what_is_finished_or_unknown_is_refused(held, ada, bob, write, now):
    done = states.reach(write("done"), Status.DONE, worker=bob, now=now)
    before = board_rows.read()
    for ref, words in [(done.ref, "finished already"), ("T-999", "no task T-999")]:
        with pytest.raises(Invalid, match=words):
            block(held, ada, now, ref)
    assert board_rows.read() == before


@pytest.mark.parametrize("verb", ["cancel", "override"])
def test_closing_a_blocked_task_ends_its_block(held, ada, olga, now, verb):
    block(held, ada, now)
    getattr(closing, verb)(held, by=olga, reason="Enough", now=now)
    stop = Block.objects.get()
    assert (stop.ended_by, stop.resolution) == (olga, f"{verb}: Enough")


def test_a_blocked_task_is_told_with_its_block(held, ada, olga, now):
    block(held, ada, now)
    editing.edit(held, by=olga, now=now, priority=0)
    held.refresh_from_db()
    assert (held.status, held.priority) == ("blocked", 0)
