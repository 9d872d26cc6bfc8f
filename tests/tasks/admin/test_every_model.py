"""Every model has an admin whose pages open, show hostile text as text, and change nothing they should not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tasks.domain import (
    agents,
    blocks,
    claims,
    closing,
    comments,
    deliveries,
    digests,
    handoffs,
    people,
    reviews,
    sign_in,
    submissions,
    tokens,
    webhooks,
)
from tasks.models import Agent, Comment, Delivery, Event, Review, Task

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


MODELS = list(apps.get_app_config("tasks").get_models())
ADDABLE = {"agent", "project", "task", "token", "webhook"}
CHANGEABLE = {"agent", "task", "webhook"}
HOSTILE = "<script>alert('x')</script><img src=x onerror=\"alert(1)\">"
NAMES = [model._meta.model_name for model in MODELS]


@pytest.fixture
def hostile_board(ada: Agent, write: Callable[..., Task], now: datetime) -> Task:
    """A board with at least one row of every model, and markup in every text an agent may write."""
    agents.change(ada, by=ada, now=now, role=HOSTILE[:60], skills=[HOSTILE[:60]])
    agents.heartbeat(ada, status="idle", note=HOSTILE, now=now)
    ada.refresh_from_db()
    text: dict[str, Any] = {"description": HOSTILE, "done_criteria": [HOSTILE], "labels": [HOSTILE[:100]]}
    first = write(HOSTILE)
    task = write(HOSTILE, **text, skills=[HOSTILE[:60]], external_id=HOSTILE, reviewer="rita")
    claims.claim(task, by=ada, now=now)
    comments.write(task, by=ada, text=HOSTILE, kind="note", lease=None, now=now)
    closing.release(task, by=task.created_by, reason=HOSTILE, now=now)
    claims.claim(task, by=ada, now=now)
    handed_in = submissions.HandIn(HOSTILE, [(1, HOSTILE)], [submissions.Artifact(HOSTILE, "x.py")], HOSTILE)
    submissions.submit(task, handed_in, by=ada, lease=2, now=now)
    findings, judged = [reviews.Finding(1, False, HOSTILE)], Review.Judgement.REJECT
    reviews.judge(
        task, by=task.created_by, submission=1, verdict=judged, findings=findings, comment=HOSTILE, now=now
    )
    claims.claim(first, by=ada, now=now)
    words = handoffs.Words(HOSTILE, HOSTILE, HOSTILE)
    handoffs.hand_off(first, words, to=ada, by=ada, lease=1, now=now)
    claims.claim(first, by=ada, now=now)
    handoffs.read_back(first, 1, text=HOSTILE, by=ada, lease=2, now=now)
    blocks.block(first, blocks.Obstacle(HOSTILE, HOSTILE), by=ada, lease=2, now=now)
    blocks.unblock(first, by=ada, resolution=HOSTILE, now=now)
    closing.override(write(HOSTILE), by=task.created_by, reason=HOSTILE, now=now)
    write(HOSTILE, depends_on=[first.ref, task.ref])
    digests.post(now=now)
    webhooks.create("https://hooks.example/<script>alert(1)</script>", by=task.created_by, now=now)
    deliveries.gather(now=now)
    Delivery.objects.update(answer=HOSTILE)
    sign_in.issue(people.operator("olga"), now=now)
    tokens.issue(ada, by=None, now=now, label=HOSTILE[:60])
    return task


def test_every_model_has_an_admin():
    assert MODELS
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_lists_and_pages_show_hostile_text_as_text(model: type[Model], hostile_board: Task, operator: Client):
    row = model._default_manager.order_by("pk").last()
    assert row is not None
    pages = [_list(model), f"{_list(model)}?q={hostile_board.ref}", _page(row)]
    if model is Task:
        pages.append(_page(hostile_board))

    for address in pages:
        answer = operator.get(address)
        html = answer.content.decode()
        assert answer.status_code == 200, address
        assert "<script>alert" not in html, address
        assert "<img src=x" not in html, address


@pytest.mark.parametrize("name", ["task", "comment", "criterion", "tasklabel"])
def test_the_text_itself_is_shown(name: str, hostile_board: Task, operator: Client):
    html = operator.get(reverse(f"admin:tasks_{name}_changelist")).content.decode()

    assert "&lt;script&gt;alert(" in html


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_only_what_the_domain_can_make_has_a_page_to_add_it(model: type[Model], operator: Client):
    answer = operator.get(reverse(f"admin:tasks_{model._meta.model_name}_add"))

    assert answer.status_code == (200 if model._meta.model_name in ADDABLE else 403)


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_nothing_can_be_deleted(model: type[Model], hostile_board: Task, operator: Client):
    row = model._default_manager.order_by("pk").last()
    assert row is not None
    delete = reverse(f"admin:tasks_{model._meta.model_name}_delete", args=[row.pk])

    assert operator.post(delete, {"post": "yes"}).status_code == 403
    operator.post(_list(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m._meta.model_name not in CHANGEABLE], ids=lambda m: m._meta.model_name
)
def test_what_is_only_read_cannot_be_changed(model: type[Model], hostile_board: Task, operator: Client):
    row = model._default_manager.order_by("pk").last()
    assert row is not None
    before = model._default_manager.filter(pk=row.pk).values().get()

    answer = operator.post(_page(row), dict.fromkeys(before, "1") | {"text": "forged", "kind": "task.forged"})

    assert answer.status_code == 403
    assert model._default_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("model", [Event, Comment], ids=["event", "comment"])
def test_the_logs_take_no_entries_through_forms(model: type[Model], hostile_board: Task, operator: Client):
    before = model._default_manager.count()
    forged = {
        "task": hostile_board.pk,
        "kind": "note",
        "text": "forged",
        "at_0": "2026-01-01",
        "at_1": "00:00",
    }

    answer = operator.post(reverse(f"admin:tasks_{model._meta.model_name}_add"), forged)

    assert answer.status_code == 403
    assert model._default_manager.count() == before


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_a_stranger_is_sent_to_the_sign_in(model: type[Model], db: None):
    assert _sent_to_sign_in(Client(), _list(model))


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_a_user_who_is_no_staff_is_sent_to_the_sign_in(model: type[Model], db: None):
    client = Client()
    client.force_login(User.objects.create(username="guest"))

    assert _sent_to_sign_in(client, _list(model))


def test_staff_who_may_only_look_are_offered_no_action(hostile_board: Task, db: None):
    viewer = User.objects.create(username="viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_task", content_type__app_label="tasks"))
    client = Client()
    client.force_login(viewer)

    client.post(
        _list(Task),
        {"action": "cancel", "_selected_action": [hostile_board.pk], "confirmed": "yes", "reason": "x"},
    )

    assert b'name="action"' not in client.get(_list(Task)).content
    assert b'name="action"' not in client.get(_page(hostile_board)).content
    hostile_board.refresh_from_db()
    assert hostile_board.status == "todo"


def _list(model: type[Model]) -> str:
    return reverse(f"admin:tasks_{model._meta.model_name}_changelist")


def _page(row: Model) -> str:
    return reverse(f"admin:tasks_{row._meta.model_name}_change", args=[row.pk])


def _sent_to_sign_in(client: Client, address: str) -> bool:
    answer = client.get(address)
    return answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
