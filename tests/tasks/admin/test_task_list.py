"""The list of tasks answers what is stuck, and costs the same however many tasks there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tasks.admin import listing
from tasks.domain import agents, claims, closing, comments, reservations
from tasks.models import Agent, Task

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


LIST = reverse("admin:tasks_task_changelist")
EVERY_LIST = [
    reverse(f"admin:tasks_{name}_changelist") + query
    for name, query in [
        *(("task", ""), ("task", "?q=login"), ("task", "?is=reserved"), ("agent", ""), ("attempt", "")),
        *(("comment", ""), ("comment", "?kind=note"), ("event", ""), ("event", "?kind=task.created")),
        *(("criterion", ""), ("dependency", ""), ("lane", ""), ("project", ""), ("tasklabel", "")),
    ]
]


@pytest.fixture
def board(write: Callable[..., Task], ada: Agent, bob: Agent, olga: Agent) -> dict[str, Task]:
    """A task of each standing, by the name of its standing."""
    now = timezone.now()
    tasks = {
        "fresh": write("Fresh", priority=1),
        "stale": write("Stale"),
        "reserved": write("Reserved"),
        "ready": write("Ready", priority=0, project="web", external_id="GH-7"),
        "without-criteria": write("Vague", done_criteria=[], now=now),
        "deferred": write("Later", not_before=now + timedelta(days=1), now=now),
        "cancelled": write("Cancelled"),
    }
    tasks["waiting"] = write("Waiting", depends_on=[tasks["ready"].ref])
    agents.change(ada, by=olga, now=now, wip_limit=2)
    claims.claim(tasks["fresh"], by=ada, now=now)
    claims.claim(tasks["stale"], by=ada, now=now - timedelta(hours=2))
    reservations.reserve(tasks["reserved"], bob, by=olga, now=now)
    closing.cancel(tasks["cancelled"], by=olga, reason="not now", now=now)
    return tasks


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status__exact=doing", {"fresh", "stale"}),
        ("status__exact=cancelled", {"cancelled"}),
        ("is=stale", {"stale"}),
        ("is=reserved", {"reserved"}),
        ("is=ready", {"ready"}),
        ("is=waiting", {"waiting"}),
        ("is=deferred", {"deferred"}),
        ("is=without-criteria", {"without-criteria"}),
        ("priority=0", {"ready"}),
        ("priority=0&status__exact=doing", set()),
        ("project=web", {"ready"}),
        ("project=nowhere", set()),
        ("q=GH-7", {"ready"}),
        ("q=resERV", {"reserved"}),
        ("q=nothing+like+it", set()),
        ("q=T-4711", set()),
        ("q=%22%27%3B--", set()),
    ],
)
def test_a_filter_or_a_search_finds(operator: Client, board: dict[str, Task], query: str, expected: set[str]):
    assert found(operator, query) == {board[name].pk for name in expected}


def test_a_task_is_found_by_its_id(operator: Client, board: dict[str, Task]):
    assert found(operator, f"q={board['stale'].ref.lower()}") == {board["stale"].pk}


def test_an_agents_tasks_are_a_link_away(operator: Client, board: dict[str, Task], ada: Agent):
    assert found(operator, f"assignee={ada.pk}") == {board["fresh"].pk, board["stale"].pk}


def test_an_unknown_filter_value_hides_nothing(operator: Client, board: dict[str, Task]):
    every = {task.pk for task in board.values()}

    assert found(operator, "is=nonsense") == every
    assert found(operator, "priority=9") == every


def test_the_list_shows_who_holds_a_task_how_long_and_that_it_is_stale(
    operator: Client, board: dict[str, Task]
):
    html = operator.get(f"{LIST}?q={board['stale'].ref}").content.decode()

    assert ">ada</a>" in html
    assert "doing <time" in html
    assert ">2 h</time>" in html
    assert '<b class="stale">stale</b>' in html


def test_the_list_shows_for_whom_a_task_is_kept(operator: Client, board: dict[str, Task], bob: Agent):
    html = operator.get(f"{LIST}?is=reserved").content.decode()

    assert f'kept for <a href="/admin/tasks/agent/{bob.pk}/change/">bob</a>' in html


@pytest.mark.parametrize("address", ["?o=6", "?o=-7.6", "?_facets=True", "?all="])
def test_no_address_makes_the_list_read_the_whole_table(
    operator: Client, board: dict[str, Task], address: str
):
    with CaptureQueriesContext(
        connection,
    ) as plain:
        operator.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        answer = operator.get(LIST + address)

    assert [task.pk for task in answer.context["cl"].result_list] == sorted(
        (task.pk for task in board.values()), reverse=True
    )
    assert len(asked) == len(plain)


def test_the_rows_are_counted_up_to_a_bound(
    operator: Client, board: dict[str, Task], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(listing, "COUNTED_TO", 3)

    with CaptureQueriesContext(connection) as queries:
        html = operator.get(LIST).content.decode()

    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "tasks_task" in query["sql"]]
    assert len(counts) == 1
    assert "LIMIT 4" in counts[0]
    assert "the first 3 of more" in html


def test_three_rows_and_sixty_cost_the_same_number_of_queries(
    operator: Client, write: Callable[..., Task], olga: Agent
):
    fill(write, olga, range(3))
    for address in EVERY_LIST:
        operator.get(address)  # Fills the process's caches.
    few = {address: cost(operator, address) for address in EVERY_LIST}
    fill(write, olga, range(3, 60))
    many = {address: cost(operator, address) for address in EVERY_LIST}

    assert {address: rows for address, (_, rows) in few.items() if rows < 3} == {}
    assert {address: rows for address, (_, rows) in many.items() if rows < 60} == {}
    assert {a: queries for a, (queries, _) in many.items()} == {a: queries for a, (queries, _) in few.items()}


def test_the_page_of_a_task_costs_the_same_however_much_belongs_to_it(
    operator: Client, write: Callable[..., Task], ada: Agent, olga: Agent
):
    task = write("Busy")
    page = reverse("admin:tasks_task_change", args=[task.pk])
    live(task, ada, olga, write, times=2)
    operator.get(page)  # Fills the process's caches, such as Django's of content types.
    few, _ = cost(operator, page)
    live(task, ada, olga, write, times=20)
    many, _ = cost(operator, page)

    assert many == few


def test_the_page_of_a_task_shows_the_newest_of_what_belongs_to_it(
    operator: Client, write: Callable[..., Task], ada: Agent, olga: Agent
):
    task = write("Busy", labels=["web"], skills=[])
    now = timezone.now()
    for number in range(60):
        comments.write(task, by=ada, text=f"word {number:02}", kind="note", lease=None, now=now)
    comments.write(task, by=ada, text="a" * 5000, kind="note", lease=None, now=now)
    html = operator.get(reverse("admin:tasks_task_change", args=[task.pk])).content.decode()

    assert "word 59" in html
    assert "word 09" not in html
    assert "4000 characters left out" in html
    assert f'href="/admin/tasks/comment/?q={task.ref}"' in html


def fill(write: Callable[..., Task], olga: Agent, numbers: Iterable[int]) -> None:
    """A claimed task, a reserved one, a lane, a project, an agent, a label, a comment and an edge for each number."""
    now = timezone.now()
    for number in numbers:
        names = {
            "project": f"project-{number}",
            "reviewer": f"reviewer-{number}",
            "labels": [f"label-{number}"],
        }
        task = write(f"Fix login {number}", **names)
        write(f"Kept login {number}", depends_on=[task.ref], assignee=f"worker-{number}")
        comments.write(task, by=olga, text="hello", kind="note", lease=None, now=now)
        claims.claim(task, by=agents.register(f"holder-{number}", now=now), now=now)


def live(task: Task, ada: Agent, olga: Agent, write: Callable[..., Task], *, times: int) -> None:
    now = timezone.now()
    for _ in range(times):
        write("Dependent", depends_on=[task.ref])
        claims.claim(task, by=ada, now=now)
        closing.release(task, by=olga, reason="again", now=now)


def found(operator: Client, query: str) -> set[int]:
    answer = operator.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    return {task.pk for task in answer.context["cl"].result_list}


def cost(operator: Client, address: str) -> tuple[int, int]:
    """The number of queries of a page, and the number of rows of its list."""
    with CaptureQueriesContext(connection) as queries:
        answer = operator.get(address)
    assert answer.status_code == 200
    rows: Any = answer.context["cl"].result_list if "cl" in answer.context else []
    return len(queries), len(rows)
