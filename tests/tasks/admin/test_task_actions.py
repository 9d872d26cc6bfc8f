"""Repair: each action asks, makes one domain call per task, and reports; a refused one leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tasks.domain import claims, closing, reservations
from tasks.models import Agent, Attempt, Comment, Event, Status, Task

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


LIST = reverse("admin:tasks_task_changelist")
REASONED = ["take_back", "release", "cancel", "reopen"]


@pytest.fixture
def held(write: Callable[..., Task], ada: Agent, now: datetime) -> Task:
    """A task that ada holds."""
    task = write("Held")
    claims.claim(task, by=ada, now=now)
    return task


@pytest.fixture
def cancelled(write: Callable[..., Task], olga: Agent, now: datetime) -> Task:
    """A task that was given up."""
    task = write("Cancelled")
    closing.cancel(task, by=olga, reason="not now", now=now)
    return task


def test_take_back_ends_the_lease_and_the_attempt(operator: Client, held: Task):
    said = do(operator, "take_back", held, reason="gone home")

    held.refresh_from_db()
    assert (held.status, held.assignee, held.lease_expires_at) == (Status.TODO, None, None)
    assert Attempt.objects.get(task=held).outcome == Attempt.Outcome.RECLAIMED
    assert trace(held) == ("task.reclaimed", "boss", "reclaim: gone home", "Take back: gone home")
    assert said == [f"Take back: {held.ref}."]


def test_release_frees_the_task_for_anyone(operator: Client, held: Task):
    do(operator, "release", held, reason="wrong task")

    held.refresh_from_db()
    assert (held.status, held.assignee) == (Status.TODO, None)
    assert Attempt.objects.get(task=held).outcome == Attempt.Outcome.RELEASED
    assert trace(held) == ("task.released", "boss", "release: wrong task", "Release: wrong task")


def test_cancel_gives_a_task_up(operator: Client, held: Task):
    do(operator, "cancel", held, reason="nobody needs it")

    held.refresh_from_db()
    assert held.status == Status.CANCELLED
    assert trace(held) == ("task.cancelled", "boss", "cancel: nobody needs it", "Cancel: nobody needs it")


def test_reopen_brings_a_task_back(operator: Client, cancelled: Task):
    do(operator, "reopen", cancelled, reason="needed after all")

    cancelled.refresh_from_db()
    assert cancelled.status == Status.TODO
    assert trace(cancelled) == (
        "task.reopened",
        "boss",
        "reopen: needed after all",
        "Re-open: needed after all",
    )


def test_assign_keeps_a_task_for_an_agent(operator: Client, write: Callable[..., Task], bob: Agent):
    task = write()

    do(operator, "assign", task, agent=bob.pk)

    task.refresh_from_db()
    assert (task.assignee, task.reserved_until) == (bob, None)
    assert last_event(task) == ("task.reserved", "boss")
    assert LogEntry.objects.get().get_change_message() == "Assign: bob"


def test_free_ends_a_reservation(operator: Client, write: Callable[..., Task], bob: Agent, now: datetime):
    task = write()
    reservations.reserve(task, bob, by=None, now=now)

    do(operator, "unreserve", task)

    task.refresh_from_db()
    assert task.assignee is None
    assert last_event(task) == ("task.unreserved", "boss")


def test_the_log_takes_a_word_of_the_operator(operator: Client, held: Task):
    do(operator, "comment", held, text="Use the <other> branch.")

    entry = Comment.objects.get(task=held)
    assert (entry.author and entry.author.name, entry.kind, entry.text) == (
        "boss",
        "note",
        "Use the <other> branch.",
    )
    assert last_event(held) == ("task.commented", "boss")


@pytest.mark.parametrize("action", ["take_back", "release", "reopen", "unreserve"])
def test_an_action_that_does_not_apply_leaves_no_trace(
    operator: Client, write: Callable[..., Task], cancelled: Task, held: Task, action: str
):
    ready = write()
    tasks = {"take_back": ready, "release": ready, "reopen": held, "unreserve": cancelled}
    task = tasks[action]
    task.refresh_from_db()
    register(operator, cancelled)
    before = board()

    said = do(operator, action, task, reason="because")

    assert board() == before
    assert len(said) == 1
    assert said[0].startswith(f"{task.ref} is left as it was. {task.ref} is {task.status}")


def test_assigning_to_the_reviewer_is_refused_in_the_words_of_the_domain(
    operator: Client, write: Callable[..., Task], rita: Agent, cancelled: Task
):
    task = write(reviewer="rita")
    register(operator, cancelled)
    before = board()

    said = do(operator, "assign", task, agent=rita.pk)

    assert board() == before
    assert said == [
        f"{task.ref} is left as it was. "
        f"rita is the reviewer of {task.ref}, and a reviewer cannot be its worker."
    ]


def test_of_several_tasks_each_is_reported(operator: Client, held: Task, write: Callable[..., Task]):
    ready = write()

    said = do(operator, "release", held, ready, reason="restart")

    assert said == [
        f"{ready.ref} is left as it was. {ready.ref} is todo; release starts from doing.",
        f"Release: {held.ref}.",
    ]


@pytest.mark.parametrize("action", REASONED)
def test_an_action_first_asks_for_its_reason_and_says_what_it_will_do(
    operator: Client, held: Task, cancelled: Task, action: str
):
    task, other = (cancelled, held) if action == "reopen" else (held, cancelled)
    before = board()

    answer = operator.post(LIST, {"action": action, "_selected_action": [held.pk, cancelled.pk]})
    html = answer.content.decode()

    assert answer.status_code == 200
    assert 'name="reason"' in html
    assert task.title in html
    assert other.title in html
    assert html.count("stays as it is") == 1
    assert board() == before


@pytest.mark.parametrize("blank", ["", "   "])
def test_without_a_reason_nothing_is_done(operator: Client, held: Task, blank: str):
    before = board()

    answer = operator.post(LIST, confirmed("cancel", held, reason=blank))

    assert answer.status_code == 200
    assert b"This field is required." in answer.content
    assert board() == before


def test_the_agent_of_a_task_is_chosen_from_those_there_are(operator: Client, write: Callable[..., Task]):
    task = write()
    before = board()

    answer = operator.post(LIST, confirmed("assign", task, agent="4711"))

    assert b"Select a valid choice." in answer.content
    assert board() == before


def test_what_has_left_the_list_since_it_was_shown_is_reported(
    operator: Client, held: Task, olga: Agent, now: datetime
):
    asked = f"{LIST}?status__exact=doing"
    operator.post(asked, {"action": "release", "_selected_action": [held.pk]})
    closing.release(held, by=olga, reason="meanwhile", now=now)

    answer = operator.post(asked, confirmed("release", held, reason="too late"))

    assert answer["Location"] == asked
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        f"{held.ref} is left as it was. {held.ref} is todo; release starts from doing."
    ]


def test_more_than_a_hundred_tasks_at_once_are_refused(operator: Client, write: Callable[..., Task]):
    for number in range(101):
        write(f"Task {number}")
    before = board()

    answer = operator.post(
        LIST,
        {"action": "cancel", "_selected_action": [Task.objects.order_by("pk")[0].pk], "select_across": "1"},
    )

    assert answer.status_code == 302
    assert "Nothing was done" in str(next(iter(get_messages(answer.wsgi_request))))
    assert board() == before


@pytest.mark.parametrize("forged", ["abc", "0", "-1", "1' OR '1'='1", "9" * 40, "\0"])
def test_a_selection_that_is_no_task_is_refused(operator: Client, held: Task, forged: str):
    before = board()

    answer = operator.post(
        LIST, {"action": "cancel", "_selected_action": [forged], "confirmed": "1", "reason": "x"}
    )

    assert answer.status_code == 302
    assert board() == before


def test_hostile_text_is_text_on_the_page_that_asks_in_the_report_and_in_the_history(
    operator: Client, write: Callable[..., Task]
):
    task = write("<script>alert(1)</script>")
    asks = operator.post(LIST, {"action": "cancel", "_selected_action": [task.pk]})
    operator.post(LIST, confirmed("cancel", task, reason="<script>alert(2)</script>"))
    report = operator.get(LIST)
    history = operator.get(reverse("admin:tasks_task_history", args=[task.pk]))

    for answer in (asks, report, history):
        assert b"<script>alert" not in answer.content
        assert b"&lt;script&gt;alert(" in answer.content


def test_the_page_of_a_task_offers_what_applies_and_leads_back_to_it(operator: Client, held: Task):
    page = reverse("admin:tasks_task_change", args=[held.pk])
    html = operator.get(page).content.decode()

    answer = operator.post(LIST, confirmed("release", held, reason="wrong task") | {"from_page": "yes"})

    assert 'name="action" value="release"' in html
    assert 'name="action" value="reopen"' not in html
    assert answer["Location"] == page


def confirmed(action: str, *tasks: Task, **given: Any) -> dict[str, Any]:
    return {"action": action, "_selected_action": [task.pk for task in tasks], "confirmed": "yes"} | given


def do(operator: Client, action: str, *tasks: Task, **given: Any) -> list[str]:
    """Confirm an action; gives what the operator is told."""
    answer = operator.post(LIST, confirmed(action, *tasks, **given))
    assert answer.status_code == 302
    operator.cookies.pop("messages")  # Read now, as the next page would show them.
    return [str(message) for message in get_messages(answer.wsgi_request)]


def register(operator: Client, task: Task) -> None:
    """Let the operator act once, so that its agent is there before a refusal is looked for traces."""
    do(operator, "comment", task, text="hello")


def last_event(task: Task) -> tuple[str, str | None]:
    event = Event.objects.filter(task=task).order_by("-pk")[0]
    return event.kind, event.agent.name if event.agent else None


def trace(task: Task) -> tuple[str, str | None, str, str]:
    """The last event of a task and its actor, its last entry in the log of the task, and of the admin's own."""
    entry = Comment.objects.filter(task=task, author__name="boss").order_by("-pk")[0]
    return (*last_event(task), entry.text, LogEntry.objects.order_by("-pk")[0].get_change_message())


def board() -> dict[str, list[Any]]:
    """Every row a domain call could write."""
    models = (Task, Attempt, Comment, Event, LogEntry)
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}
