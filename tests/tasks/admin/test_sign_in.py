"""Signing in through everything that stands before the admin: origins, sessions, CSRF, static files."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.tasks.admin import browser

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


PASSWORD = "correct-horse-battery"
SIGN_IN = "/board/sign-in?next=/admin/tasks/task/"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_superuser("olga", password=PASSWORD)


def test_a_superuser_signs_in_acts_and_signs_out_with_csrf_enforced(person: User):
    client = Client(enforce_csrf_checks=True)
    form = browser.untouched(client.get(SIGN_IN).content.decode(), "sign-in")

    signed_in = client.post(SIGN_IN, form | {"username": "olga", "password": PASSWORD})
    tasks = client.get(signed_in["Location"])
    added = client.post(
        reverse("admin:tasks_task_add"),
        browser.untouched(client.get(reverse("admin:tasks_task_add")).content.decode(), "task_form")
        | {"title": "Think"},
    )
    token = browser.untouched(tasks.content.decode(), "logout-form")
    signed_out = client.post("/admin/logout/", token)

    assert (signed_in.status_code, signed_in["Location"]) == (302, "/admin/tasks/task/")
    assert (tasks.status_code, added.status_code, signed_out.status_code) == (200, 302, 200)
    assert client.get("/admin/tasks/task/").status_code == 302


@pytest.mark.parametrize("token", [None, "x" * 64])
def test_a_form_without_its_token_is_refused(person: User, token: str | None):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    client.get("/admin/tasks/task/add/")

    answer = client.post("/admin/tasks/task/add/", {"title": "Forged", "csrfmiddlewaretoken": token or ""})

    assert answer.status_code == 403


def test_a_form_of_another_site_is_refused(person: User):
    client = Client()
    client.force_login(person)

    answer = client.post(
        "/admin/tasks/task/add/", {"title": "Forged"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["admin/css/base.css", "admin/js/autocomplete.js", "css/admin.css"])
def test_static_files_are_served_from_the_packages_and_the_project(path: str):
    answer = Client().get(f"/static/{path}")

    assert answer.status_code == 200
    assert len(b"".join(answer)) > 100
