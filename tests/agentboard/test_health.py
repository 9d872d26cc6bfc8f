"""`/health`: 200 while the database answers and the scheduler runs, 503 that names what is wrong."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from django_q.models import Task as Job

from agentboard import health, schedules

MINUTE = timedelta(minutes=1)
MINUTELY = [one.name for one in schedules.table() if one.every == schedules.MINUTE]
pytestmark = pytest.mark.django_db


def ran(name, *, ago, success=True):
    at = timezone.now() - ago
    Job.objects.create(
        id=f"{name} {ago}", name=name, func="f", group=name, started=at, stopped=at, success=success
    )


@pytest.fixture
def long_running(monkeypatch):
    monkeypatch.setattr(health, "started", timezone.now() - timedelta(days=30))


def get():
    return Client().get("/health")


def test_a_server_that_was_just_started_is_well_before_any_job_ran(monkeypatch):
    monkeypatch.setattr(health, "started", timezone.now() - 2 * MINUTE)
    assert get().status_code == 200
    assert get().json()["scheduler"] == {"last_run": None}


def test_without_any_scheduler_it_is_not_well_after_three_periods(monkeypatch):
    monkeypatch.setattr(health, "started", timezone.now() - 3.1 * MINUTE)
    answer = get()
    assert answer.status_code == 503
    problem = answer.json()
    assert problem["code"] == "unavailable"
    assert problem["detail"] == f"No scheduler has run yet; overdue: {', '.join(MINUTELY)}."
    assert problem["overdue"] == MINUTELY
    assert "agentboard scheduler" in problem["fix"]
    assert answer["Retry-After"] == "60"


def test_it_is_well_while_every_job_succeeded_lately(long_running):
    for one in schedules.table():
        ran(one.name, ago=2.9 * one.every)
    assert get().status_code == 200


def test_a_scheduler_that_has_stopped_is_named_with_when_it_ran_last(long_running):
    for one in schedules.table():
        ran(one.name, ago=3.1 * MINUTE)
    answer = get()
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith(f"No scheduler has run since {timezone.now():%Y-%m-%d} ")


def test_one_job_that_fails_again_and_again_is_named(long_running):
    for one in schedules.table():
        ran(one.name, ago=MINUTE, success=one.name != "take_back")
    answer = get()
    assert answer.status_code == 503
    assert (
        answer.json()["detail"] == "The scheduler runs, but has not succeeded for 3 periods with take_back."
    )


def test_a_board_that_was_off_for_days_is_well_when_it_is_started(monkeypatch):
    for one in schedules.table():
        ran(one.name, ago=timedelta(days=9))
    monkeypatch.setattr(health, "started", timezone.now())
    assert get().status_code == 200


def test_a_database_that_does_not_answer_is_named(monkeypatch):
    def gone():
        raise DatabaseError("connection refused")

    monkeypatch.setattr(health, "last_successes", gone)
    answer = get()
    assert answer.status_code == 503
    assert answer.json()["detail"] == "The database does not answer: connection refused"
