"""Events, comments and attempts in the admin: found by task, filtered without reading all there ever was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from tasks.admin import newest
from tasks.domain import claims, closing, comments
from tasks.models import Agent, Attempt, Event, Task

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


EVENTS = reverse("admin:tasks_event_changelist")
COMMENTS = reverse("admin:tasks_comment_changelist")
ATTEMPTS = reverse("admin:tasks_attempt_changelist")


def test_events_are_filtered_by_kind_and_task(
    operator: Client, write: Callable[..., Task], ada: Agent, now: datetime
):
    first, second = write("First"), write("Second")
    claims.claim(first, by=ada, now=now)

    claimed = found(operator, f"{EVENTS}?kind=task.claimed")
    of_second = found(operator, f"{EVENTS}?q={second.ref}")

    assert claimed == set(Event.objects.filter(kind="task.claimed").values_list("pk", flat=True))
    assert len(claimed) == 1
    assert of_second == set(Event.objects.filter(task=second).values_list("pk", flat=True))
    assert len(of_second) == 1


def test_a_kind_that_only_happened_lately_can_be_chosen(operator: Client, ada: Agent):
    html = operator.get(EVENTS).content.decode()

    assert "?kind=agent.registered" in html
    assert "?kind=task.submitted" in html


def test_a_kind_is_looked_for_among_the_newest_rows_only(
    operator: Client, write: Callable[..., Task], ada: Agent, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(newest, "LOOKED_AT", 3)
    tasks = [write(f"Task {number}") for number in range(5)]
    created = list(Event.objects.filter(kind="task.created").order_by("pk").values_list("pk", flat=True))

    assert found(operator, f"{EVENTS}?kind=task.created") == set(created[-3:])
    assert found(operator, f"{EVENTS}?kind=task.created&q={tasks[0].ref}") == {created[0]}


def test_comments_are_filtered_by_kind_and_shown_by_their_beginning(
    operator: Client, write: Callable[..., Task], ada: Agent, now: datetime
):
    task = write()
    for kind in ("note", "failed"):
        comments.write(task, by=ada, text=kind + "x" * 100_000, kind=kind, lease=None, now=now)

    answer = operator.get(f"{COMMENTS}?kind=failed")
    rows = list(answer.context["cl"].result_list)

    assert [row.kind for row in rows] == ["failed"]
    assert rows[0].get_deferred_fields() == {"text"}
    assert len(answer.content) < 50_000
    assert (
        operator.get(reverse("admin:tasks_comment_change", args=[rows[0].pk])).content.count(b"x" * 100_000)
        == 1
    )


def test_attempts_are_open_or_ended_and_found_by_task_or_agent(
    operator: Client, write: Callable[..., Task], ada: Agent, bob: Agent, olga: Agent, now: datetime
):
    tasks = [write("First"), write("Second")]
    for task, agent in zip(tasks, (ada, bob), strict=True):
        claims.claim(task, by=agent, now=now)
    closing.release(tasks[1], by=olga, reason="later", now=now)
    held, ended = Attempt.objects.get(agent=ada).pk, Attempt.objects.get(agent=bob).pk

    assert found(operator, f"{ATTEMPTS}?ended=no") == {held}
    assert found(operator, f"{ATTEMPTS}?ended=yes") == {ended}
    assert found(operator, f"{ATTEMPTS}?ended=perhaps") == {held, ended}
    assert found(operator, f"{ATTEMPTS}?q={tasks[0].ref}") == {held}
    assert found(operator, f"{ATTEMPTS}?q=Bob") == {ended}
    assert found(operator, f"{ATTEMPTS}?q=nobody") == set()


def test_dependencies_are_found_by_either_task_and_labels_by_name(
    operator: Client, write: Callable[..., Task]
):
    first = write("First", labels=["web"])
    second = write("Second", depends_on=[first.ref], labels=["sql"])
    edges = reverse("admin:tasks_dependency_changelist")
    labels = reverse("admin:tasks_tasklabel_changelist")

    assert len(found(operator, f"{edges}?q={first.ref}")) == 1
    assert found(operator, f"{edges}?q={first.ref}") == found(operator, f"{edges}?q={second.ref}")
    assert found(operator, f"{edges}?q=words") == set()
    assert found(operator, f"{labels}?q=web") == {first.labels.get().pk}


def test_nothing_is_found_for_a_task_that_is_not_there(operator: Client, write: Callable[..., Task]):
    write()

    assert found(operator, f"{EVENTS}?q=T-4711") == set()


def found(operator: Client, address: str) -> set[int]:
    answer = operator.get(address)
    assert answer.status_code == 200
    return {row.pk for row in answer.context["cl"].result_list}
