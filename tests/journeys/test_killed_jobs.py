"""`kill -9` of each job of the scheduler, wherever it is: nothing is done twice, nothing is left half done, and the
next run does the rest.

The suite kills each job a few times. `make kills` does it 50 times in each job, on both databases: before every
statement and around every commit in turn, and where a job has fewer of those, at random moments for the rest.
"""

import importlib
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django_q.models import Failure, Schedule

from agentboard import schedules
from tasks.domain import agents, authoring, claims, comments, reclaiming, reservations, rounds
from tasks.models import Event
from tests import killings, mortal_jobs, real_board
from tests.journeys import subjects
from tests.tasks import invariants

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("killed_jobs")]

HOUR = timedelta(hours=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
# The clock itself beside the jobs that it queues.
# Delivering talks to others, and has a file of its own.
JOBS = {one.name: one.job for one in schedules.table() if one.name != "deliver"} | {
    "clock": "tests.mortal_jobs.clock"
}


def prepare():
    """Work for every job: tasks that are stale and overdue, some of them hopeless, reservations that have lapsed,
    deferred tasks whose day has come, agents that are gone, old failures and sessions, and events without a number."""
    then = datetime.now(UTC) - 12 * HOUR
    ada = agents.register("ada", now=then, wip_limit=99, last_seen_at=then)
    drafts = [authoring.Draft(f"t{n}", done_criteria=["x"], labels=["l"]) for n in range(12)]
    drafts += [authoring.Draft(f"d{n}", done_criteria=["x"], not_before=then + HOUR) for n in range(4)]
    tasks = authoring.write(drafts, by=ada, now=then).tasks
    for attempt in range(3):
        at = then + 2 * attempt * HOUR
        for task in tasks[: 3 if attempt < 2 else 8]:
            claims.claim(task, by=ada, now=at)
            comments.write(task, by=ada, text="Oiled @ada's hinge", kind="tried", lease=None, now=at)
        if attempt < 2:
            reclaiming.take_back(now=at + HOUR)
    for task in tasks[8:12]:
        reservations.reserve(task, ada, by=None, now=then, until=then + HOUR)
    for n in range(7):
        agents.register(f"gone-{n}", now=then, last_seen_at=then)
        old = {"func": "f", "started": LONG_AGO, "stopped": LONG_AGO, "success": False}
        Failure.objects.create(id=f"old-{n}", name=f"old-{n}", **old)
        Session.objects.create(session_key=f"old-{n}", session_data="", expire_date=LONG_AGO)
    schedules.synchronise(now=then)
    Schedule.objects.update(next_run=LONG_AGO)


@pytest.fixture(scope="module")
def prepared(board_template, tmp_path_factory, django_db_blocker):
    """A board with work for every job, to be copied."""
    with django_db_blocker.unblock(), real_board.copy(board_template, tmp_path_factory.mktemp("prepared")):
        prepare()
        connections["default"].close()
        yield connections.settings["default"]["NAME"]


@pytest.fixture(autouse=True)
def small_rounds_and_one_digest(monkeypatch, settings):
    settings.DIGEST_EVERY = timedelta(days=3650)
    monkeypatch.setattr(rounds, "FEWEST", dict.fromkeys(rounds.FEWEST, mortal_jobs.ROWS_A_ROUND))
    monkeypatch.setattr(rounds, "MOST", mortal_jobs.ROWS_A_ROUND)


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_is_killed_anywhere_is_done_once_in_the_end(
    job, prepared, runner, tmp_path, django_db_blocker, subtests
):
    with django_db_blocker.unblock(), real_board.copy(prepared, tmp_path):
        before = subjects.read()
        whole = killings.run(runner, JOBS[job])
        after, numbered = subjects.read(), Event.objects.filter(seq=None).count()
    for how in killings.kills(whole):
        with subtests.test(**how), django_db_blocker.unblock(), real_board.copy(prepared, tmp_path):
            assert killings.run(runner, JOBS[job], **how).killed or "dies_after" in how
            killings.wait_until_it_is_gone()
            assert_nothing_is_half_done(before, after)
            for _ in ("the next run does the rest", "and the one after it nothing"):
                next_run(job)
                assert_nothing_is_half_done(after, after)
                assert (Event.objects.filter(seq=None).count() == numbered) or job == "clock"
            connections["default"].close()
    print(
        f"{job}: killed {killings.KILLS} times, at {min(killings.KILLS, whole.points)} of {whole.points} points"
    )


def test_control_a_job_that_does_in_two_transactions_what_belongs_together_is_caught(
    prepared, runner, tmp_path, django_db_blocker
):
    with django_db_blocker.unblock(), real_board.copy(prepared, tmp_path):
        before = subjects.read()
        killings.run(runner, JOBS["flag_stale"])
        after = subjects.read()
    with django_db_blocker.unblock(), real_board.copy(prepared, tmp_path):
        assert killings.run(runner, "tests.mortal_jobs.careless", dies_at=3).killed
        killings.wait_until_it_is_gone()
        with pytest.raises(AssertionError):
            assert_nothing_is_half_done(before, after)
        connections["default"].close()


def next_run(job):
    room, _, function = JOBS[job].rpartition(".")
    getattr(importlib.import_module(room), function)()


def assert_nothing_is_half_done(*whole):
    now = subjects.read()
    half = {subject: it for subject, it in now.items() if it not in [one.get(subject) for one in whole]}
    assert half == {}
    assert {subject for one in whole for subject in one} == now.keys()
    assert subjects.gaps() == []
    assert invariants.broken() == []
