"""The first page of the admin: what an operator asks first, each with its number and the list that shows it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule
from django_q.models import Task as Run

from agentboard import health, schedules
from tasks.admin import questions
from tasks.domain import agents, asking, claims, reservations
from tasks.models import Status, Task
from tests.tasks import states

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


PAGE = reverse("admin:index")
DAY = timedelta(days=1)


@pytest.fixture
def stuck(write, ada, bob, now):
    """One of everything that wants an operator; it was all done long ago, and nobody was seen since."""
    states.reach(write("Stale"), Status.DOING, worker=ada, now=now)
    states.reach(write("Blocked"), Status.BLOCKED, worker=bob, now=now)
    states.reach(write("Unjudged", reviewer="rita"), Status.VALIDATING, worker=bob, now=now)
    reservations.reserve(write("Kept"), bob, by=None, now=now)
    write("Vague", done_criteria=[])
    asks = write("Asks")
    Task.objects.filter(pk=asks.pk).update(asks_human=asking.about_rejections(3))
    schedules.enqueue_due(now=timezone.now() - timedelta(minutes=5))
    from django_q.models import OrmQ

    OrmQ.objects.update(lock=timezone.now() - timedelta(minutes=5))
    _run("take_back", ok=False)
    _run("lapse", ok=True)


def _run(name, *, ok, ago=timedelta(minutes=1)):
    at = timezone.now() - ago
    facts = {"name": name, "group": name, "func": f"tasks.jobs.{name}", "result": "x"}
    Run.objects.create(id=f"{Run.objects.count():032x}", success=ok, started=at, stopped=at, **facts)


def answered(operator: Client) -> dict[str, questions.Answer]:
    return {one.name: one for one in operator.get(PAGE).context["answers"]}


def test_each_question_has_its_number_since_when_and_the_list_behind_it(operator, stuck):
    found = answered(operator)
    jobs = found.pop("Jobs that wait")
    clock = found.pop("Scheduler's last run")
    assert {name: one.count for name, one in found.items()} == {
        "Ask a human": "1",
        "Stale": "1",
        "Silent agents": "1",
        "Reviews too long": "1",
        "Blocked too long": "1",
        "Kept for the absent": "1",
        "Without criteria": "1",
        "Failed jobs": "1",
    }
    for one in found.values():
        assert one.is_news
        assert len(operator.get(one.address).context["cl"].result_list) == 1, one.address
    assert re.search(r"^for <time .*>\d+ d</time>$", found["Stale"].since)
    assert int(jobs.count) == Schedule.objects.count()
    assert "1 min</time> ago" in clock.since
    assert operator.get(clock.address).status_code == 200


def test_a_board_without_news_says_so_quietly(operator, db):
    for one in schedules.table():
        _run(one.name, ok=True)
    found = answered(operator)
    assert {one.count for name, one in found.items() if name != "Scheduler's last run"} == {"0"}
    assert not any(one.is_news for one in found.values())
    assert 'class="news"' not in operator.get(PAGE).content.decode()


def test_a_scheduler_that_has_stopped_is_news(operator, db, monkeypatch):
    monkeypatch.setattr(health, "started", timezone.now() - DAY)
    clock = answered(operator)["Scheduler's last run"]
    assert clock.is_news
    assert clock.means.startswith("Overdue: flag_stale, take_back")


def test_the_numbers_are_bounded(operator, write, monkeypatch):
    monkeypatch.setattr(questions, "COUNTED_TO", 2)
    for _ in range(4):
        write("Vague", done_criteria=[])
    assert answered(operator)["Without criteria"].count == "2+"


def test_it_costs_the_same_for_many_as_for_few(operator, stuck, write, ada, now):
    few = cost(operator)
    agents.change(ada, by=None, now=now, wip_limit=100)
    for number in range(30):
        agent = agents.register(f"one-{number}", now=now)
        claims.claim(write(f"Held {number}"), by=agent, now=now)
        write("Vague", done_criteria=[])
        reservations.reserve(write("Kept"), agent, by=None, now=now)
        _run("lapse", ok=bool(number % 2))
    assert cost(operator) == few
    assert few < 20


def cost(operator):
    operator.get(PAGE)  # Fills the process's caches.
    with CaptureQueriesContext(connection) as queries:
        operator.get(PAGE)
    return len(queries)


def test_the_lists_are_named_for_what_they_hold(operator, db):
    apps = {app["app_label"]: app for app in operator.get(PAGE).context["app_list"]}
    assert next(iter(apps)) == "tasks"
    named = [one["name"] for one in apps["django_q"]["models"]]
    assert sorted(named) == ["Jobs in the queue", "Jobs that failed", "Jobs that succeeded", "Schedules"]


@pytest.mark.parametrize(
    "address", ["", "tasks/task/", "tasks/task/add/", "tasks/agent/", "django_q/schedule/"]
)
def test_no_page_has_a_style_or_a_script_of_its_own_in_it(operator, stuck, address):
    html = operator.get(f"/admin/{address}").content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)(?![^>]*application/json)", html)
