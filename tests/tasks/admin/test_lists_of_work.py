"""The lists of what belongs to tasks: found by task, linked to it, and as cheap for many rows as for few."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.domain import agents, claims, closing, handoffs
from tasks.models import Agent, Status, Task
from tests.tasks import states

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


LISTS = ["submission", "evidence", "review", "verdict", "handoff", "block", "override", "attempt"]


@pytest.fixture
def work(write, ada, olga, now):
    """Makes as many rows of each of the lists as it is told, and gives the last task that has all but a block."""
    agents.change(ada, by=olga, now=now, wip_limit=1000)

    def make(count: int) -> Task:
        return [_worked_on(write, ada, olga, now) for _ in range(count)][-1]

    return make


def _worked_on(write, ada: Agent, olga: Agent, now: datetime) -> Task:
    task = states.reach(write("Mend", done_criteria=["One", "Two"]), Status.VALIDATING, worker=ada, now=now)
    states.reject(task, now=now)
    claims.claim(task, by=ada, now=now)
    task.refresh_from_db()
    words = handoffs.Words("Half", "The other half", "Wet paint")
    handoffs.hand_off(task, words, to=ada, by=ada, lease=task.lease_token, now=now)
    closing.override(task, by=olga, reason="Good enough", now=now)
    states.reach(write("Stop"), Status.BLOCKED, worker=ada, now=now)
    return task


@pytest.mark.parametrize("name", [name for name in LISTS if name != "block"])
def test_rows_are_found_by_their_task_and_lead_to_it(operator, work, name):
    task = work(2)
    answer = operator.get(listing(name, f"?q={task.ref}"))
    rows = answer.context["cl"].result_list
    assert len(rows) == {"evidence": 2, "verdict": 2, "attempt": 2}.get(name, 1)
    assert answer.content.decode().count(f'href="/admin/tasks/task/{task.pk}/change/">{task.ref}</a>') == len(
        rows
    )


def test_three_rows_and_many_cost_the_same_number_of_queries(operator, work):
    work(3)
    for name in LISTS:
        operator.get(listing(name))  # Fills the process's caches.
    few = {name: cost(operator, name) for name in LISTS}
    work(20)
    assert {name: cost(operator, name) for name in LISTS} == few


def listing(name: str, query: str = "") -> str:
    return reverse(f"admin:tasks_{name}_changelist") + query


def cost(operator: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = operator.get(listing(name))
    assert len(answer.context["cl"].result_list) >= 3
    return len(queries)
