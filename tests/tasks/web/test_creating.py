"""Writing a task down on its page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from tasks.models import Task
from tests.tasks import board_rows
from tests.tasks.web import person

pytestmark = pytest.mark.once  # what differs between databases is tested with the domain
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(olga):
    return person.signed_in(olga)


def text(answer):
    return " ".join(answer.content.decode().split())


SENT = {
    "title": "  Fix   the login ",
    "description": "It **fails**.",
    "done_criteria": ["It works", "", "A test shows it"],
    "priority": "1",
    "reviewer": "@rita",
    "assignee": "ada",
    "labels": "ui, Speed",
    "skills": "CSS",
    "project": "Site",
    "due_at": "2026-03-04T12:30",
}


def test_a_task_is_written_down_with_all_that_was_said(browser, olga, ada, rita, write):
    blocker = write()
    answer = browser.post("/board/new", {**SENT, "depends_on": blocker.ref})
    task = Task.objects.latest("pk")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/board/{task.ref}")
    assert (task.title, task.description, task.priority) == ("Fix the login", "It **fails**.", 1)
    assert (task.created_by, task.reviewer, task.assignee) == (olga, rita, ada)
    assert [one.text for one in task.criteria.order_by("number")] == ["It works", "A test shows it"]
    assert (task.project.name, task.lane.skills, task.open_blockers) == ("site", ["css"], 1)
    assert [one.label for one in task.labels.order_by("pk")] == ["ui", "Speed"]
    assert task.due_at == datetime(2026, 3, 4, 12, 30, tzinfo=UTC)


def test_a_title_is_enough(browser):
    browser.post("/board/new", {"title": "Think", "priority": "2", "project": "main"})
    task = Task.objects.get()
    assert (task.criteria_count, task.claimable) == (0, False)


def test_to_htmx_the_answer_is_the_new_task(browser, ada, rita):
    panel = browser.get("/board/new", headers=HTMX)
    assert panel.content.lstrip().startswith(b'<article id="task"')
    answer = browser.post("/board/new", SENT, headers=HTMX)
    assert answer.headers["HX-Push-Url"] == f"/board/{Task.objects.get().ref}"
    assert "Fix the login" in text(answer)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": " "}, "This field is required."),
        ({"title": "x" * 301}, "at most 300"),
        ({"reviewer": "adaa"}, "No agent is called adaa. The nearest names are ada."),
        ({"reviewer": "ada"}, "ada is the reviewer; the assignee is someone else."),
        ({"depends_on": "T-99"}, "There is no task &#x27;T-99&#x27;."),
        ({"project": "no project"}, "A project&#x27;s name is"),
        ({"priority": "7"}, "not one of the available choices"),
        ({"labels": "x" * 101}, "is longer than 100 characters"),
        ({"done_criteria": ["x"] * 101}, "100 is the most"),
        ({"due_at": "tomorrow"}, "Enter a valid date/time."),
    ],
)
def test_what_is_wrong_is_told_where_it_was_typed_and_nothing_is_lost(browser, ada, rita, wrong, told):
    before = board_rows.read()
    answer = browser.post("/board/new", {**SENT, **wrong})
    assert answer.status_code == 422
    assert told in text(answer)
    assert "It **fails**." in text(answer)
    assert "A test shows it" in text(answer) or "done_criteria" in wrong
    assert board_rows.read() == before


def test_rows_are_added_and_taken_out_without_javascript(browser):
    page = text(browser.post("/board/new", {**SENT, "more": "done_criteria"}))
    assert page.count('<textarea name="done_criteria"') == 4
    assert 'value="@rita"' in page
    page = text(browser.post("/board/new", {**SENT, "drop": "done_criteria-0"}))
    assert page.count('<textarea name="done_criteria"') == 2
    assert "It works" not in page
    assert not Task.objects.exists()


def test_a_stranger_signs_in_first(db):
    assert Client().get("/board/new").headers["Location"].startswith("/board/sign-in?next=")
    answer = Client().post("/board/new", SENT)
    assert answer.status_code == 401
    assert SENT["title"] in answer.content.decode()
    assert not Task.objects.exists()
