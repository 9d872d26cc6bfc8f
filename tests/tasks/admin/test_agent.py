"""Agents in the admin: what they are doing, and changing what they are through the domain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tasks.domain import agents, claims
from tasks.models import Agent, Event, Project, Task
from tests.tasks.admin import browser

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


LIST = reverse("admin:tasks_agent_changelist")
ADD = reverse("admin:tasks_agent_add")


def test_the_list_shows_what_each_agent_is_doing_and_holds(
    operator: Client, write: Callable[..., Task], ada: Agent, bob: Agent, rita: Agent
):
    now = timezone.now()
    agents.heartbeat(ada, status="working", note="", now=now)
    agents.heartbeat(bob, status="blocked", note="", now=now)
    agents.heartbeat(rita, status="idle", note="", now=now - timedelta(days=1))
    task = write()
    claims.claim(task, by=ada, now=now)

    rows = {agent.name: agent.presence for agent in operator.get(LIST).context["cl"].result_list}

    assert {name: presence.state for name, presence in rows.items()} == {
        "ada": "working",
        "bob": "blocked",
        "rita": "offline",
        "olga": "offline",
    }
    assert rows["ada"].holds == [task.pk]
    assert f"/admin/tasks/task/{task.pk}/change/" in operator.get(LIST).content.decode()


def test_an_agent_that_holds_many_tasks_shows_the_first_ones(
    operator: Client, write: Callable[..., Task], ada: Agent
):
    now = timezone.now()
    agents.change(ada, by=None, now=now, wip_limit=7)
    for number in range(7):
        claims.claim(write(f"Task {number}"), by=ada, now=now)

    assert "and 2 more" in operator.get(LIST).content.decode()


def test_an_agent_is_registered_with_what_it_is(operator: Client):
    form = {"name": "Worker-3", "kind": "agent", "role": "", "skills": "Python, sql", "wip_limit": "2"}

    operator.post(ADD, form)

    agent = Agent.objects.get(name="worker-3")
    assert (agent.kind, agent.skills, agent.wip_limit) == ("agent", ["python", "sql"], 2)
    assert Event.objects.get().kind == "agent.registered"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ada", "ada is registered already."),
        ("system", "An agent"),
        ("no spaces", "An agent"),
        ("", "required"),
    ],
)
def test_a_name_that_cannot_be_is_refused(operator: Client, ada: Agent, name: str, words: str):
    answer = operator.post(ADD, {"name": name, "kind": "agent"})

    assert answer.status_code == 200
    assert words in str(answer.context["adminform"].form.errors)
    assert list(Agent.objects.values_list("name", flat=True)) == ["ada"]


def test_an_agent_is_changed_by_the_operator(operator: Client, ada: Agent):
    browser.save(
        operator, ada, skills="sql", wip_limit="3", paused_until_0="2099-01-01", paused_until_1="00:00:00"
    )

    ada.refresh_from_db()
    event = Event.objects.order_by("-pk")[0]
    assert (ada.skills, ada.wip_limit, ada.paused_until and ada.paused_until.year) == (["sql"], 3, 2099)
    assert (event.kind, event.agent and event.agent.name) == ("agent.changed", "boss")
    assert event.data == {"agent": "ada", "fields": ["paused_until", "skills", "wip_limit"]}


@pytest.mark.parametrize("field", ["name", "user", "last_seen_at", "said_status", "created_at"])
def test_what_the_board_keeps_of_an_agent_is_no_field(operator: Client, ada: Agent, field: str):
    before = Agent.objects.values(field).get(pk=ada.pk)

    browser.save(
        operator, ada, role="tester", **{field: "1", f"{field}_0": "2030-01-01", f"{field}_1": "00:00:00"}
    )

    ada.refresh_from_db()
    assert ada.role == "tester"
    assert Agent.objects.values(field).get(pk=ada.pk) == before


@pytest.mark.parametrize(
    ("field", "value"), [("wip_limit", "0"), ("wip_limit", "99999"), ("kind", "robot"), ("role", "x" * 61)]
)
def test_a_wrong_value_changes_nothing(operator: Client, ada: Agent, field: str, value: str):
    answer = browser.save(operator, ada, **{"skills": "sql", field: value})

    ada.refresh_from_db()
    assert answer.status_code == 200
    assert (ada.skills, ada.wip_limit, ada.kind, ada.role) == ([], None, "agent", "")


def test_the_choice_of_agents_is_searched_and_not_listed_whole(operator: Client, ada: Agent, bob: Agent):
    answer = operator.get(
        "/admin/autocomplete/",
        {"term": "ad", "app_label": "tasks", "model_name": "task", "field_name": "assignee"},
    )

    assert [found["text"] for found in answer.json()["results"]] == ["ada"]


def test_a_project_is_made_through_the_domain_and_never_renamed(operator: Client):
    operator.post(reverse("admin:tasks_project_add"), {"name": "Web"})
    project = Project.objects.get(name="web")

    answer = operator.post(reverse("admin:tasks_project_change", args=[project.pk]), {"name": "other"})

    assert answer.status_code == 403
    assert Project.objects.filter(name="web").exists()


def test_a_project_with_a_name_that_cannot_be_is_refused(operator: Client):
    answer = operator.post(reverse("admin:tasks_project_add"), {"name": "no spaces"})

    assert "A project&#x27;s name is 1 to 60" in answer.content.decode()
    assert list(Project.objects.values_list("name", flat=True)) == ["main"]
