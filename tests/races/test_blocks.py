"""A task that blocks on another while that one finishes is never left waiting for what is done."""

from __future__ import annotations

import contextlib
import functools
import threading

import pytest
from django.db import OperationalError, connection

from tasks.domain import agents, authoring, blocks, claims, closing, dependencies, handoffs
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Handoff, Task
from tests.conftest import NOW
from tests.races.together import of_kind, together
from tests.tasks import invariants

pytestmark = pytest.mark.race
ROUNDS = 12


@pytest.fixture
def cast(own_board):
    ada = agents.register("ada", now=NOW, wip_limit=1000)
    return ada, agents.register("olga", now=NOW, kind=Agent.Kind.HUMAN)


def held_and_other(cast):
    """A task that ada holds under lease 1, and another one."""
    ada, olga = cast
    drafts = [authoring.Draft(title=title, done_criteria=["a"]) for title in ("other", "held")]
    other, held = authoring.write(drafts, by=olga, now=NOW).tasks
    claims.claim(held, by=ada, now=NOW)
    return held, other


def stop(held, other, ada):
    obstacle = blocks.Obstacle("r", "n", [other.ref])
    return lambda: blocks.block(held, obstacle, by=ada, lease=1, now=NOW)


def finish(other, olga):
    return lambda: closing.cancel(other, by=olga, reason="r", now=NOW)


def stuck():
    """Blocked tasks that wait for nothing that is unfinished."""
    return list(Task.objects.filter(status="blocked", open_blockers=0))


def test_a_block_and_the_end_of_what_it_waits_for_leave_nothing_stuck(cast):
    ada, olga = cast
    for _ in range(ROUNDS):
        held, other = held_and_other(cast)
        outcomes = together([stop(held, other, ada), finish(other, olga)])
        held.refresh_from_db()
        refused = of_kind(outcomes, Refusal)
        assert of_kind(outcomes, Exception) == refused
        assert held.status == ("doing" if refused else "todo")
    assert stuck() == []
    assert invariants.broken() == []


def test_control_without_the_locks_a_block_waits_for_what_is_done(cast, monkeypatch):
    """The same, where the block looks at the other task, and that one finishes before the edge is there."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer, so nothing can finish unseen")
    ada, olga = cast
    looked, finished = threading.Event(), threading.Event()
    held, other = held_and_other(cast)
    look = blocks._refuse_finished

    def pause(wanted):
        look(wanted)
        looked.set()
        finished.wait(10)

    monkeypatch.setattr(dependencies, "lock_to_link", lambda *_: None)
    monkeypatch.setattr(
        dependencies, "recount", lambda ids: Task.objects.filter(pk__in=ids).update(open_blockers=1)
    )
    monkeypatch.setattr(blocks, "_refuse_finished", pause)

    def end():
        looked.wait(10)
        finish(other, olga)()
        finished.set()

    together([stop(held, other, ada), end])
    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.status, other.status) == ("blocked", "cancelled")


def test_blocking_unblocking_and_finishing_in_a_web_of_tasks_never_deadlocks(cast):
    ada, olga = cast
    drafts = [authoring.Draft(title=f"t{n}", done_criteria=["a"]) for n in range(8)]
    web = authoring.write(drafts, by=olga, now=NOW).tasks

    def churn(at):
        one, after = web[at], [web[(at + step) % 8].ref for step in (1, 2, 3)]
        for call in (
            lambda: claims.claim(one, by=ada, now=NOW),
            lambda: blocks.block(one, blocks.Obstacle("r", "n", after), by=ada, lease=token(one), now=NOW),
            lambda: blocks.unblock(one, by=olga, resolution="x", now=NOW),
            lambda: claims.claim(one, by=ada, now=NOW),
            lambda: closing.cancel(one, by=olga, reason="r", now=NOW),
        ):
            with contextlib.suppress(Refusal):
                call()

    outcomes = together([lambda at=at: churn(at) for at in range(8)])
    assert of_kind(outcomes, OperationalError) == []
    assert of_kind(outcomes, Exception) == []
    assert stuck() == []
    assert invariants.broken() == []


def token(task):
    return Task.objects.values_list("lease_token", flat=True).get(pk=task.pk)


def test_of_two_handoffs_under_one_lease_one_counts(cast):
    ada, _ = cast
    for _ in range(ROUNDS):
        held, _ = held_and_other(cast)
        words = handoffs.Words("a", "b", "c")
        call = functools.partial(handoffs.hand_off, held, words, to=None, by=ada, lease=1, now=NOW)
        assert len(of_kind(together([call, call]), Refusal)) == 1
        assert Handoff.objects.filter(task=held).count() == 1
