"""The form of a task: one domain call with what was changed; a refusal stands in the form and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from tasks.domain import editing
from tasks.models import Agent, Event, Project, Status, Task
from tests.tasks.admin import browser

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


ADD = reverse("admin:tasks_task_add")
KEPT_BY_THE_BOARD = {
    "status": "done",
    "done_via": "override",
    "lease_token": "99",
    "lease_expires_at_0": "2030-01-01",
    "lease_expires_at_1": "00:00:00",
    "attempts": "7",
    "rejections": "7",
    "open_blockers": "0",
    "criteria_version": "9",
    "claimable": "on",
    "lane": "1",
    "created_by": "1",
}


def test_a_task_is_written_down_by_the_operator(operator: Client, write: Callable[..., Task], ada: Agent):
    first = write("First")
    form = {
        "title": "  Fix   the login ",
        "description": "It fails.\r\n\r\nAlways.",
        "done_criteria": "Anyone can sign in\r\n  with a password\r\n\r\nA test shows it",
        "priority": "1",
        "labels": "auth, web,",
        "skills": "Python",
        "depends_on": first.ref,
        "assignee": ada.pk,
        "stale_after": "45m",
        "not_before_0": "2099-01-01",
        "not_before_1": "08:00:00",
        "external_id": "GH-7",
    }

    answer = operator.post(ADD, form)

    task = Task.objects.order_by("-pk")[0]
    assert answer.status_code == 302
    assert (task.title, task.description) == ("Fix the login", "It fails.\n\nAlways.")
    assert (task.priority, task.project.name, task.stale_after, task.external_id) == (1, "main", 2700, "GH-7")
    assert (task.assignee, task.open_blockers, task.lane.skills) == (ada, 1, ["python"])
    assert task.not_before == datetime(2099, 1, 1, 8, tzinfo=UTC)
    assert [c.text for c in task.criteria.order_by("number")] == [
        "Anyone can sign in\nwith a password",
        "A test shows it",
    ]
    assert sorted(label.label for label in task.labels.all()) == ["auth", "web"]
    assert (task.status, task.created_by and task.created_by.name) == (Status.TODO, "boss")
    assert last_event(task) == ("task.created", "boss")


def test_a_task_needs_no_more_than_a_title(operator: Client):
    operator.post(ADD, {"title": "Think", "priority": "2"})

    assert Task.objects.get().title == "Think"


def test_a_form_that_was_filled_in_by_its_address_is_written_whole(operator: Client):
    html = operator.get(f"{ADD}?title=Think&priority=0").content.decode()

    operator.post(f"{ADD}?title=Think&priority=0", browser.untouched(html, "task_form"))

    assert [(task.title, task.priority) for task in Task.objects.all()] == [("Think", 0)]


def test_only_what_was_changed_is_edited(operator: Client, write: Callable[..., Task]):
    task = write("Fix login", labels=["auth"], description="It fails.\n")

    answer = browser.save(operator, task, title="Fix the login")

    task.refresh_from_db()
    assert answer.status_code == 302
    assert (task.title, task.description) == ("Fix the login", "It fails.\n")
    event = Event.objects.filter(task=task).order_by("-pk")[0]
    assert (event.kind, event.agent and event.agent.name, event.data) == (
        "task.edited",
        "boss",
        {"fields": ["title"]},
    )


def test_every_field_of_the_form_reaches_the_domain(
    operator: Client, write: Callable[..., Task], bob: Agent, rita: Agent
):
    other, task = write("Other"), write()
    project = Project.objects.create(name="web", created_at=task.created_at)

    answer = browser.save(
        operator,
        task,
        description="More",
        done_criteria="One\nTwo",
        priority="0",
        project=project.pk,
        depends_on=other.ref,
        assignee=bob.pk,
        reviewer=rita.pk,
        labels="a, b",
        skills="sql",
        stale_after="2h",
        external_id="X-1",
        due_at_0="2099-01-02",
        due_at_1="00:00:00",
        not_before_0="2099-01-01",
        not_before_1="00:00:00",
    )

    task = Task.objects.get(pk=task.pk)
    assert answer.status_code == 302
    assert (task.description, task.criteria_count, task.priority, task.project) == ("More", 2, 0, project)
    assert (task.open_blockers, task.assignee, task.reviewer, task.lane.skills) == (1, bob, rita, ["sql"])
    assert (task.stale_after, task.external_id, task.deferred) == (7200, "X-1", True)
    assert (task.due_at and task.due_at.year, sorted(label.label for label in task.labels.all())) == (
        2099,
        ["a", "b"],
    )


def test_saving_a_form_nobody_touched_changes_nothing(
    operator: Client, write: Callable[..., Task], rita: Agent
):
    task = write(
        description=" It\r\nfails ",
        reviewer="rita",
        skills=["sql"],
        labels=["a"],
        done_criteria=["a\n\nb", "c"],
    )
    before = Task.objects.values().get(pk=task.pk)

    browser.save(operator, task)

    assert Task.objects.values().get(pk=task.pk) == before
    assert list(task.events.values_list("kind", flat=True)) == ["task.created"]


def test_what_others_changed_since_the_page_was_opened_stays(
    operator: Client, write: Callable[..., Task], olga: Agent, now: datetime
):
    task = write("Fix login")
    opened = browser.form_of(operator, task)
    editing.edit(task, by=olga, now=now, description="Only on Safari", assignee="bob")

    operator.post(browser.page(task), opened | {"title": "Fix the login"})

    task.refresh_from_db()
    assert (task.title, task.description, task.assignee and task.assignee.name) == (
        "Fix the login",
        "Only on Safari",
        "bob",
    )


@pytest.mark.parametrize("address", ["add", "change"])
def test_a_forged_form_moves_no_status_and_sets_nothing_the_board_keeps(
    operator: Client, write: Callable[..., Task], address: str
):
    task = write("Fix login")

    if address == "add":
        operator.post(ADD, {"title": "New", "priority": "2"} | KEPT_BY_THE_BOARD)
        task = Task.objects.order_by("-pk")[0]
    else:
        browser.save(operator, task, title="New", **KEPT_BY_THE_BOARD)

    task = Task.objects.get(pk=task.pk)
    assert (task.title, task.status, task.done_via) == ("New", Status.TODO, None)
    assert (task.lease_token, task.lease_expires_at, task.attempts, task.rejections) == (0, None, 0, 0)
    assert task.criteria_version <= 1
    assert task.created_by
    assert task.created_by.name == ("boss" if address == "add" else "olga")


def last_event(task: Task) -> tuple[str, str | None]:
    event = Event.objects.filter(task=task).order_by("-pk")[0]
    return event.kind, event.agent.name if event.agent else None
