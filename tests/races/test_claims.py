"""Nobody is given what somebody else has, however many ask at once."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter

import pytest
from django.db import connection, connections, transaction
from django.db.models import F

from tasks.domain import agents, authoring, claims, closing, comments, due, leases
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Attempt, Comment, Event, Task
from tests.conftest import NOW
from tests.races.together import of_kind, together

pytestmark = pytest.mark.race


@pytest.fixture
def olga(own_board):
    return agents.register("olga", now=NOW, kind=Agent.Kind.HUMAN)


@pytest.fixture
def backlog(olga):
    """Writes so many ready tasks."""

    def write(many, **fields):
        draft = {"title": "t", "done_criteria": ["x"]} | fields
        return authoring.write([authoring.Draft(**draft) for _ in range(many)], by=olga, now=NOW).tasks

    return write


def team(many, **facts):
    return [agents.register(f"agent-{n}", now=NOW, **facts).name for n in range(many)]


def test_64_threads_drain_1000_tasks_and_each_is_held_exactly_once(backlog):
    backlog(1000)
    names = team(64, wip_limit=1000)

    def drain(name):
        given = []
        while isinstance(found := claims.next_task(name, now=NOW), claims.Work):
            assert not found.resumed
            given += found.task_ids
        return given, Task.objects.filter(status="todo").count()

    outcomes = together([lambda name=name: drain(name) for name in names])
    assert of_kind(outcomes, Exception) == []
    given = Counter(task_id for tasks, _ in outcomes for task_id in tasks)
    assert len(given) == 1000
    assert set(given.values()) == {1}
    assert [left for _, left in outcomes if left] == [], (
        "nobody was told that there is nothing while there was"
    )
    assert Attempt.objects.filter(ended_at=None).count() == 1000
    assert Task.objects.filter(status="doing", lease_token=1, attempts=1).count() == 1000
    assert Event.objects.filter(kind="task.claimed").count() == 1000
    for name, (tasks, _) in zip(names, outcomes, strict=True):
        assert set(Task.objects.filter(assignee__name=name).values_list("pk", flat=True)) == set(tasks)


def test_control_looking_first_and_writing_then_gives_one_task_to_several(backlog):
    backlog(20)
    barrier = threading.Barrier(8)

    def naive(n):
        found = Task.objects.filter(status="todo").order_by("pk").first()
        barrier.wait(10)
        Task.objects.filter(pk=found.pk).update(updated_at=NOW)
        return found.pk

    given = together([lambda n=n: naive(n) for n in range(8)])
    assert len(set(given)) < 8


def test_50_claims_of_one_task_have_one_winner(backlog):
    [task] = backlog(1)
    cast = [Agent.objects.get(name=name) for name in team(50)]
    outcomes = together([lambda agent=agent: claims.claim(task, by=agent, now=NOW) for agent in cast])
    assert len(of_kind(outcomes, claims.Work)) == 1
    assert len(of_kind(outcomes, claims.AlreadyClaimed)) == 49
    assert Attempt.objects.filter(task=task).count() == 1
    winner = cast[next(at for at, outcome in enumerate(outcomes) if isinstance(outcome, claims.Work))]
    assert Task.objects.get().assignee == winner


def test_parallel_calls_of_one_agent_stay_within_its_wip_limit(backlog):
    backlog(60)
    team(1, wip_limit=3)
    outcomes = together([lambda: claims.next_task("agent-0", now=NOW)] * 24)
    assert of_kind(outcomes, Exception) == []
    assert Task.objects.filter(status="doing").count() == 3
    assert sum(not outcome.resumed for outcome in outcomes) == 3


def test_control_counting_without_the_agents_row_locked_goes_over_the_limit(backlog):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer, so the count and the claim cannot be told apart there")
    backlog(60)
    team(1)
    agent = Agent.objects.get(name="agent-0")
    barrier = threading.Barrier(8)

    def naive():
        with transaction.atomic():
            held = Task.objects.filter(status="doing", assignee=agent).count()
            barrier.wait(10)
            if held < 1:
                picked = Task.objects.select_for_update(skip_locked=True).filter(status="todo").first()
                mine = {"assignee": agent, "lease_token": 1, "attempts": 1, **leases.terms(None, now=NOW)}
                Task.objects.filter(pk=picked.pk).update(status="doing", **mine)

    together([naive] * 8)
    assert Task.objects.filter(status="doing", assignee=agent).count() > 1


def test_a_stale_write_is_refused_and_a_token_is_never_used_twice(backlog, olga):
    """Holders stall, lose the task, and come back with their old lease: a fence, not a clock, keeps them out."""
    backlog(8)
    names = team(8)
    stop, stale_writes = threading.Event(), []

    def work(name):
        agent = Agent.objects.get(name=name)
        for turn in range(25):
            found = claims.next_task(name, now=NOW)
            if not isinstance(found, claims.Work):
                continue
            task = Task.objects.get(pk=found.task_ids[0])
            time.sleep(0.001 * (turn % 3))
            try:
                comments.write(task, by=agent, text=name, kind="note", lease=task.lease_token, now=NOW)
            except leases.LeaseLost:
                stale_writes.append(name)

    def take_back():
        while not stop.is_set():
            for task in Task.objects.filter(status="doing")[:4]:
                with contextlib.suppress(Refusal):
                    closing.take_back(task, by=None, reason="test", now=NOW)
        connections.close_all()

    reaper = threading.Thread(target=take_back)
    reaper.start()
    outcomes = together([lambda name=name: work(name) for name in names])
    stop.set()
    reaper.join()
    assert of_kind(outcomes, Exception) == []
    assert stale_writes, "the race never happened"
    for task in Task.objects.all():
        tokens = list(Attempt.objects.filter(task=task).order_by("pk").values_list("token", flat=True))
        # A claim raises it, and so does every taking back.
        assert tokens == list(range(1, 2 * len(tokens), 2))
        assert task.lease_token >= max(tokens)
        assert_only_holders_spoke(task)


def assert_only_holders_spoke(task):
    """Each word stands in the log while its author held the task: events are in the order of the row's lock."""
    holder = None
    for event in Event.objects.filter(task=task).order_by("pk"):
        if event.kind == "task.commented":
            assert event.agent_id == holder
        elif event.kind in ("task.claimed", "task.reclaimed"):
            holder = event.agent_id


def test_a_lapsed_reservation_is_given_to_one_of_many_and_nobody_is_turned_away(backlog):
    tasks = backlog(30, assignee="sleeper")
    Task.objects.update(reserved_until=NOW)
    names = team(30)
    outcomes = together([lambda name=name: claims.next_task(name, now=NOW) for name in names])
    given = [outcome.task_ids[0] for outcome in outcomes if isinstance(outcome, claims.Work)]
    assert of_kind(outcomes, Exception) == []
    assert sorted(given) == sorted(task.pk for task in tasks)
    assert Event.objects.filter(kind="task.reservation_lapsed").count() == 30


def test_many_who_put_the_queue_right_at_once_do_it_once(backlog):
    backlog(40, assignee="sleeper")
    Task.objects.update(reserved_until=NOW)

    def catch_up():
        with transaction.atomic():
            return due.catch_up(now=NOW)

    outcomes = together([catch_up] * 10)
    assert of_kind(outcomes, Exception) == []
    assert sum(outcomes) == 40


def test_a_comment_of_the_holder_against_its_release_leaves_one_story(backlog, olga):
    holder = agents.register("ada", now=NOW)
    for _ in range(15):
        [task] = backlog(1)
        claims.claim(task, by=holder, now=NOW)
        task.refresh_from_db()
        said, _ = together(
            [
                lambda task=task: comments.write(
                    task, by=holder, text="word", kind="note", lease=task.lease_token, now=NOW
                ),
                lambda task=task: closing.release(task, by=olga, reason="r", now=NOW),
            ]
        )
        kinds = list(Event.objects.filter(task=task).order_by("pk").values_list("kind", flat=True))
        assert (
            kinds[-1] == "task.released"
            if isinstance(said, comments.Written)
            else "task.commented" not in kinds
        )
        assert Comment.objects.filter(task=task, text="word").exists() == isinstance(said, comments.Written)
        assert Task.objects.filter(
            pk=task.pk, status="todo", assignee=None, lease_token=F("attempts")
        ).exists()
