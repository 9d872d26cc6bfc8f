"""Schedules: rows that follow the table, whatever is done to them, and jobs put into the queue once."""

import importlib
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client
from django_q.models import Failure, OrmQ
from django_q.models import Schedule as Row
from django_q.scheduler import scheduler as their_scheduler

from agentboard import schedules
from tests.races.together import together

NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NAMES = [one.name for one in schedules.table()]
MINUTELY = [one.name for one in schedules.table() if one.every == schedules.MINUTE]
pytestmark = pytest.mark.django_db


def queued():
    return [job.group() for job in OrmQ.objects.order_by("pk")]


@pytest.fixture
def rows():
    schedules.synchronise(now=NOW)
    schedules.enqueue_due(now=NOW)
    OrmQ.objects.all().delete()


def test_every_job_is_a_function_without_arguments():
    for one in schedules.table():
        room, _, name = one.job.rpartition(".")
        assert callable(getattr(importlib.import_module(room), name))
    assert len(set(NAMES)) == len(NAMES)


def test_django_qs_own_traps_are_shut():
    ours = django_settings.Q_CLUSTER
    assert ours["scheduler"] is False
    assert ours["catch_up"] is False
    assert ours["ack_failures"] is True
    assert ours["max_attempts"] == 3
    assert ours["retry"] > ours["timeout"]


def test_the_rows_are_made_and_made_twice_change_nothing():
    schedules.synchronise(now=NOW)
    before = list(Row.objects.values())
    assert [row["name"] for row in sorted(before, key=lambda row: row["id"])] == NAMES
    schedules.synchronise(now=NOW + SECOND)
    assert list(Row.objects.values()) == before


def test_a_new_schedule_is_due_at_once_and_then_at_every_full_period():
    assert schedules.enqueue_due(now=NOW) == NAMES
    assert queued() == NAMES
    assert schedules.enqueue_due(now=NOW + 29 * SECOND) == []
    assert schedules.enqueue_due(now=NOW + 30 * SECOND) == MINUTELY
    assert Row.objects.get(name="take_back").next_run == NOW + 90 * SECOND


def test_what_was_missed_is_done_once_and_not_caught_up_on(rows):
    assert schedules.enqueue_due(now=NOW + timedelta(days=2)) == NAMES
    assert schedules.enqueue_due(now=NOW + timedelta(days=2)) == []


SPOILT = {
    "unreadable arguments": {"args": "((("},
    "another function": {"func": "no.such.job"},
    "no interval": {"minutes": None},
    "an unreadable cron": {"schedule_type": "C", "cron": "nonsense"},
    "no repeats": {"repeats": 0},
    "a far date": {"next_run": NOW + timedelta(days=9999)},
    "another name": {"name": "renamed"},
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_row_stops_neither_the_others_nor_its_own_job(rows, how):
    Row.objects.filter(name="take_back").update(**SPOILT[how])
    schedules.enqueue_due(now=NOW + 60 * SECOND)
    schedules.enqueue_due(now=NOW + 120 * SECOND)
    assert queued().count("flag_stale") == 2
    assert queued().count("take_back") in (1, 2)
    assert sorted(Row.objects.values_list("name", flat=True)) == sorted(NAMES)


@pytest.mark.once
def test_control_one_spoilt_row_stops_all_of_them_in_django_qs_own_scheduler(own_board, caplog):
    schedules.synchronise(now=NOW)
    Row.objects.update(next_run=NOW)
    Row.objects.filter(name="flag_stale").update(args="(((")
    with caplog.at_level(logging.CRITICAL):
        their_scheduler()
    assert queued() == []


def test_a_job_that_cannot_be_queued_does_not_stop_the_others(rows, monkeypatch, caplog):
    whole = schedules.async_task

    def broken(job, **options):
        if job.endswith("flag_stale"):
            raise RuntimeError("cannot be signed")
        return whole(job, **options)

    monkeypatch.setattr(schedules, "async_task", broken)
    assert schedules.enqueue_due(now=NOW + 60 * SECOND) == [name for name in MINUTELY if name != "flag_stale"]
    assert "Cannot put flag_stale into the queue" in caplog.text
    monkeypatch.undo()
    assert schedules.enqueue_due(now=NOW + 61 * SECOND) == ["flag_stale"]


def test_rows_of_the_same_name_and_rows_that_nobody_knows_go(rows):
    for name in ("take_back", "take_back", "left over", None):
        Row.objects.create(name=name, func="tasks.jobs.take_back", next_run=NOW)
    assert schedules.enqueue_due(now=NOW + 60 * SECOND).count("take_back") == 1
    assert sorted(Row.objects.values_list("name", flat=True)) == sorted(NAMES)


def test_a_deleted_row_comes_back(rows):
    Row.objects.all().delete()
    assert schedules.enqueue_due(now=NOW + SECOND) == NAMES


def test_another_period_counts_from_now_on(rows, monkeypatch):
    daily = Row.objects.get(name="prune").next_run
    shorter = schedules.Schedule("prune", "agentboard.pruning.prune", timedelta(hours=1))
    monkeypatch.setattr(schedules, "table", lambda: [shorter])
    schedules.enqueue_due(now=NOW)
    row = Row.objects.get()
    assert (row.minutes, row.next_run) == (60, NOW.replace(hour=13, minute=0, second=0))
    assert row.next_run < daily


def test_a_queue_that_nobody_empties_is_not_filled_for_ever(rows, caplog):
    for minute in range(1, 200):
        schedules.enqueue_due(now=NOW + minute * schedules.MINUTE)
    assert OrmQ.objects.count() < schedules._FULL + len(NAMES)
    assert "none is done" in caplog.text


@pytest.mark.race
def test_of_many_schedulers_that_start_at_once_one_queues_each_job(own_board):
    together([lambda: schedules.enqueue_due(now=NOW)] * 6)
    assert sorted(queued()) == sorted(NAMES)
    assert sorted(Row.objects.values_list("name", flat=True)) == sorted(NAMES)

    together([lambda: schedules.enqueue_due(now=NOW + 60 * SECOND)] * 6)
    assert queued().count("take_back") == 2


def test_the_operator_reads_the_rows_and_what_became_of_the_jobs_in_the_admin(rows):
    schedules.enqueue_due(now=NOW + 60 * SECOND)
    Failure.objects.create(id="f", name="take_back", func="f", started=NOW, stopped=NOW, success=False)
    client = Client()
    client.force_login(User.objects.create(username="op", is_staff=True, is_superuser=True))
    for page, said in (
        ("schedule", "take_back"),
        ("ormq", "take_back"),
        ("failure", "take_back"),
        ("success", ""),
    ):
        answer = client.get(f"/admin/django_q/{page}/")
        assert answer.status_code == 200
        assert said in answer.content.decode()
