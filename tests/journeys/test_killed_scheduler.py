"""`kill -9` of the scheduler in the middle of its jobs: nothing is done twice, nothing is left half done."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count
from django_q.models import Failure, OrmQ, Schedule

from tasks.domain import agents, authoring, claims, reservations
from tasks.models import Agent, Attempt, Comment, Digest, Event, Status, Task
from tests.agentboard.cli import operating
from tests.tasks import invariants

pytestmark = pytest.mark.journey

# Of each kind of work. More of it, and it is killed more often: each life does one round at least.
MANY = 24
LIVES = 60
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def prepare():
    """MANY tasks that are stale and overdue, as many reservations that have lapsed, agents that are gone, and old
    failures."""
    then = datetime.now(UTC) - timedelta(hours=3)
    olga, _ = agents.find_or_register("olga", now=then)
    ada = agents.register("ada", now=then, wip_limit=2 * MANY, last_seen_at=then)
    drafts = [authoring.Draft(f"t{n}", done_criteria=["x"]) for n in range(2 * MANY)]
    tasks = authoring.write(drafts, by=olga, now=then).tasks
    for task in tasks[:MANY]:
        claims.claim(task, by=ada, now=then)
    for task in tasks[MANY:]:
        reservations.reserve(task, ada, by=olga, now=then, until=then + timedelta(hours=1))
    for n in range(MANY):
        agents.register(f"gone-{n}", now=then, last_seen_at=then)
        old = {"func": "f", "started": LONG_AGO, "stopped": LONG_AGO, "success": False}
        Failure.objects.create(id=f"old-{n}", name=f"old-{n}", **old)


def progress():
    """How much is done of each kind of work."""
    kinds = ("task.stale", "task.reclaimed", "task.reservation_lapsed", "agent.presence", "digest.posted")
    done = [Event.objects.filter(kind=kind).count() for kind in kinds]
    return [*done, MANY - Failure.objects.filter(stopped=LONG_AGO).count()]


# But for what is stale: a task that is taken back before it is flagged is not flagged any more.
ALL = [MANY, MANY, MANY + 1, 1, MANY]


def assert_nothing_twice_and_nothing_half_done():
    told = Event.objects.filter(kind__in=["task.stale", "task.reclaimed", "task.reservation_lapsed"])
    assert not told.values("kind", "task").annotate(n=Count("pk")).filter(n__gt=1)
    for kind, begins in (("task.stale", "stale: "), ("task.reclaimed", "reclaim: ")):
        events = set(Event.objects.filter(kind=kind).values_list("task", flat=True))
        entries = Comment.objects.filter(author=None, text__startswith=begins).values_list("task", flat=True)
        assert sorted(events) == sorted(entries)
    ended = Attempt.objects.filter(outcome="reclaimed").values_list("task", flat=True)
    assert set(ended) == set(Event.objects.filter(kind="task.reclaimed").values_list("task", flat=True))
    assert Task.objects.filter(status=Status.DOING).count() == MANY - len(ended)
    gone = Event.objects.filter(kind="agent.presence").values_list("agent", flat=True)
    assert sorted(gone) == sorted(Agent.objects.exclude(gone_at=None).values_list("pk", flat=True))
    assert Digest.objects.count() == Event.objects.filter(kind="digest.posted").count() <= 1
    assert invariants.broken() == []


def test_a_scheduler_that_is_killed_again_and_again_gets_everything_done_once(own_board, tmp_path):
    prepare()
    kills = 0
    while progress()[1:] != ALL:
        kills += 1
        assert kills < LIVES
        # As if the time had passed after which a job is given up for lost, and the next minute begun.
        OrmQ.objects.update(lock=LONG_AGO)
        Schedule.objects.update(next_run=LONG_AGO)
        live_until_something_is_done(own_board, tmp_path)
        assert_nothing_twice_and_nothing_half_done()
    assert kills > 1


def live_until_something_is_done(own_board, tmp_path):
    before = progress()
    settings = {"DATABASE_URL": own_board, "DATA_DIR": tmp_path, "DIGEST_EVERY": "3650d"}
    with operating.running("scheduler", **settings) as process:
        deadline = time.monotonic() + operating.WITHIN
        while progress() == before:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.06))
        process.kill()
        process.wait()
    time.sleep(0.2)
