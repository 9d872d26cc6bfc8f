"""A client of the REST door, within the test's own transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client


class Api:
    """Calls the API as any client would: `api.post("/tasks", agent="ada", title="…")`."""

    def __init__(self) -> None:
        self.client = Client()

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **body: Any) -> Any:
        return self.raw("post", path, json.dumps(body))

    def patch(self, path: str, **body: Any) -> Any:
        return self.raw("patch", path, json.dumps(body))

    def raw(self, method: str, path: str, body: str | bytes, content_type: str = "application/json") -> Any:
        return getattr(self.client, method)(path, body, content_type=content_type)


@pytest.fixture
def api(db: None) -> Api:
    """A client of a board whose first task is T-1; PostgreSQL counts on where the test before stopped."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('tasks_task', 'id'), 1, false)")
    return Api()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the board, to compare before and after; but for signs of life, which a refused call is too."""
    tables = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("tasks_", "channels_app_"))
    ]
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            if not table.startswith(("tasks_search", "channels_app_search")):
                cursor.execute(f"SELECT * FROM {table} LIMIT 0")
                shown = ", ".join(name for name, *_ in cursor.description if name != "last_seen_at")
                cursor.execute(f"SELECT {shown} FROM {table} ORDER BY 1")
                rows[table] = cursor.fetchall()
    return rows


@pytest.fixture
def untouched(api: Api) -> Callable[[], None]:
    """Call it to assert that nothing was written since the fixture was asked for."""
    before = everything()

    def check() -> None:
        assert everything() == before

    return check


TASK = {"agent": "olga", "title": "Fix login", "done_criteria": ["It works"]}


def refused(answer, status, code):
    """The answer is a problem of this status and code that tells what to do."""
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["fix"]
    assert problem["detail"]
    assert problem["title"]
    assert problem["type"]
    assert len(answer.content) <= 1000, "an error has a budget of 250 tokens"
    return problem


@pytest.fixture
def task(api, olga, ada):
    """A task that ada holds, and its lease."""
    made = api.post("/tasks", **TASK)
    assert made.status_code == 201
    packet = api.get("/tasks/next?agent=ada").json()
    return packet["task"]["id"], packet["lease"]["token"]
