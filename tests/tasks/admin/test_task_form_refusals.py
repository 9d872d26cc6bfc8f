"""What the form of a task refuses: it says so in the words of the domain, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from tasks.domain import claims, closing, editing
from tasks.models import Agent, Comment, Event, Task
from tests.tasks.admin import browser

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


def test_a_closed_task_is_not_edited_and_says_so(
    operator: Client, write: Callable[..., Task], olga: Agent, now: datetime
):
    task = write()
    closing.cancel(task, by=olga, reason="not now", now=now)

    assert refused(operator, task, title="New") == f"{task.ref} is cancelled."


def test_the_assignee_of_a_held_task_is_not_changed_by_the_form(
    operator: Client, write: Callable[..., Task], ada: Agent, bob: Agent, now: datetime
):
    task = write()
    claims.claim(task, by=ada, now=now)

    said = refused(operator, task, title="New", assignee=bob.pk)

    assert said == f"{task.ref} is doing; only a todo task can be kept for an agent."


def test_criteria_are_frozen_at_the_first_claim(
    operator: Client, write: Callable[..., Task], ada: Agent, now: datetime
):
    task = write()
    claims.claim(task, by=ada, now=now)

    said = refused(operator, task, done_criteria="Something easier")

    assert said == f"The done criteria of {task.ref} were frozen when it was first claimed."


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("depends_on", "T-4711", "There is no task T-4711."),
        ("depends_on", "T-1", "A task cannot wait for itself."),
        ("external_id", "TAKEN", "Another task has"),
        ("stale_after", "soon", "This takes a duration such as 90s, 30m, 4h or 2d."),
        ("stale_after", "-1", "This takes a duration"),
        ("priority", "9", "Select a valid choice."),
        ("title", "   ", "This field is required."),
        ("title", "x" * 301, "Ensure this value has at most 300 characters"),
        ("labels", "x" * 101, "Each takes up to 100 characters."),
        ("labels", "a\0b", "Null characters are not allowed."),
        ("done_criteria", "a\0b", "Null characters are not allowed."),
        ("skills", ",".join(map(str, range(21))), "This takes up to 20; there are 21."),
        ("description", "a\0b", "Null characters are not allowed."),
        ("project", "4711", "Select a valid choice."),
        ("due_at_0", "yesterday", "Enter a valid date."),
    ],
)
def test_a_wrong_value_is_told_at_its_field(
    operator: Client, write: Callable[..., Task], field: str, value: str, words: str
):
    task = write()
    write("Other", external_id="TAKEN")
    value = task.ref if value == "T-1" else value

    answer = browser.save(operator, task, **{"title": "New", field: value})

    field_errors = answer.context["adminform"].form.errors[field.removesuffix("_0")]
    assert answer.status_code == 200
    assert words in " ".join(field_errors)
    assert Task.objects.get(pk=task.pk).title == "Fix login"
    assert not Event.objects.filter(kind="task.edited").exists()


def test_a_new_task_whose_assignee_reviews_it_is_refused(operator: Client, rita: Agent):
    form = {"title": "New", "priority": "2", "assignee": rita.pk, "reviewer": rita.pk}

    answer = operator.post(reverse("admin:tasks_task_add"), form)

    told = answer.context["adminform"].form.errors["assignee"]
    assert told == ["rita is the reviewer; the assignee is someone else."]
    assert not Task.objects.exists()
    assert not LogEntry.objects.exists()


def test_what_the_database_refuses_is_told_and_no_error(
    operator: Client, write: Callable[..., Task], monkeypatch: pytest.MonkeyPatch
):
    """The form loses a race: somebody else's row got in between the look and the write."""

    def lose(task: Task, **changes: Any) -> None:
        Task.objects.filter(pk=task.pk).update(title="half done")
        raise IntegrityError("UNIQUE constraint failed")

    monkeypatch.setattr(editing, "edit", lose)

    said = refused(operator, write(), title="New")

    assert said == "Somebody changed this at the same moment; nothing was written."


def test_what_was_typed_is_still_there_after_a_refusal(operator: Client, write: Callable[..., Task]):
    task = write()

    html = browser.save(operator, task, title="A long <thought>", depends_on="T-4711").content.decode()

    assert 'value="A long &lt;thought&gt;"' in html
    assert 'value="T-4711"' in html


def refused(operator: Client, task: Task, **changes: Any) -> str:
    """Save the form and be refused, without a trace; gives what the form says."""
    before = facts(task)
    answer = browser.save(operator, task, **changes)
    assert answer.status_code == 200
    assert facts(task) == before
    errors = answer.context["adminform"].form.errors
    assert len(errors) == 1
    return str(next(iter(errors.values()))[0])


def facts(task: Task) -> Any:
    """The task with what belongs to it."""
    row = Task.objects.values().get(pk=task.pk)
    kept = [
        list(manager.values_list())
        for manager in (task.criteria, task.labels, task.dependencies, task.events)
    ]
    return row, kept, list(Comment.objects.values_list())
