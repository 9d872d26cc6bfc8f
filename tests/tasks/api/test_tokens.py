"""Who is calling, with `AGENTBOARD_AUTH=token` and with `open`: the sentences of the contract's section 4."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentboard.capabilities import CALLS
from tasks.domain import tokens
from tasks.models import Agent, Comment, Task, Token
from tests.tasks import board_rows

PUBLIC = {"GET /health", "GET /capabilities", "GET /schema", "GET /llms.txt", "GET /docs"}


@pytest.fixture
def asking(settings: Any) -> None:
    settings.AUTH = "token"


@pytest.fixture
def secret(ada: Agent) -> str:
    """Ada's token."""
    return tokens.issue(ada, by=None, now=timezone.now()).secret


def call(
    method: str, path: str, body: dict[str, Any] | None = None, *, token: str | None = None, **headers: str
) -> Any:
    given = headers | ({"Authorization": f"Bearer {token}"} if token is not None else {})
    data = json.dumps(body or {}) if method != "GET" else None
    return getattr(Client(), method.lower())(
        path, data, **({} if data is None else {"content_type": "application/json"}), headers=given
    )


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert len(answer.content) <= 4 * 250
    return body


def address(line: str, task: Task) -> tuple[str, str]:
    method, path = line.split("?")[0].split()
    path = path.replace("/agents/{name}", "/agents/ada").replace("{name}", "general")
    return method, path.replace("{id}", task.ref).replace("{n}", "1")


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize("line", [line for line in CALLS if line not in PUBLIC])
def test_a_call_without_a_token_is_asked_who_it_is_and_changes_nothing(
    write: Callable[..., Task], ada: Agent, line: str
):
    method, path = address(line, write())
    before = board_rows.read()
    for headers in ({}, {"X-Agent": "ada"}, {"Authorization": "Basic YWRhOng="}, {"Authorization": "Bearer"}):
        answer = call(method, path, {"agent": "ada", "text": "x"}, **headers)
        refused(answer, 401, "who_are_you")
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert board_rows.changed(before, board_rows.read()) == {}


@pytest.mark.usefixtures("asking", "db")
@pytest.mark.parametrize("line", sorted(PUBLIC))
def test_what_helps_a_stranger_in_is_answered_without_a_token(line: str):
    answer = call("GET", line.split()[1], token="of nobody")

    assert answer.status_code == 200 if line != "GET /health" else answer.status_code in (200, 503)


@pytest.mark.usefixtures("asking")
def test_the_token_says_who_is_calling_and_the_name_may_be_left_out_or_repeated(
    write: Callable[..., Task], secret: str
):
    task = write()
    assert call("GET", "/tasks/next", token=secret).json()["task"]["assignee"] == "ada"
    assert call("GET", "/tasks/next?agent=Ada", token=secret).json()["resumed"] is True
    for body, headers in (({}, {}), ({"agent": "ada"}, {}), ({}, {"X-Agent": "ADA"})):
        written = call("POST", f"/tasks/{task.ref}/comments", {"text": "x", **body}, token=secret, **headers)
        assert written.status_code == 201, written.content
    assert set(Comment.objects.filter(kind="note").values_list("author__name", flat=True)) == {"ada"}


@pytest.mark.parametrize("auth", ["open", "token"])
def test_a_call_that_names_another_agent_than_its_tokens_is_refused_and_changes_nothing(
    write: Callable[..., Task], secret: str, bob: Agent, settings: Any, auth: str
):
    settings.AUTH = auth
    task = write()
    call("GET", "/agents", token=secret)
    before = board_rows.read()
    for answer in (
        call("GET", "/tasks/next?agent=bob", token=secret),
        call("GET", "/tasks/next", token=secret, **{"X-Agent": "bob"}),
        call("GET", "/tasks?agent=bob", token=secret),
        call("POST", f"/tasks/{task.ref}/comments", {"agent": "bob", "text": "x"}, token=secret),
        call("POST", "/tasks", {"agent": "newcomer", "title": "x"}, token=secret),
        call("POST", "/agents", {"agent": "bob", "name": "newcomer"}, token=secret),
        call("POST", "/agents/bob/heartbeat", {"status": "idle"}, token=secret),
        call("GET", "/inbox?agent=bob", token=secret),
    ):
        body = refused(answer, 403, "wrong_agent")
        assert "ada" in body["detail"]
    assert board_rows.changed(before, board_rows.read()) == {}
    assert call("POST", "/agents/ada/heartbeat", {"status": "idle"}, token=secret).status_code == 200
    # Here `agent` chooses whose events are shown, and is no name of the caller's.
    assert call("GET", "/events?agent=bob", token=secret, Accept="application/json").status_code == 200


@pytest.mark.parametrize("auth", ["open", "token"])
def test_a_token_that_lets_nobody_in_is_refused_in_both_modes_and_says_why(
    write: Callable[..., Task], ada: Agent, settings: Any, auth: str
):
    settings.AUTH = auth
    now = timezone.now()
    revoked = tokens.issue(ada, by=None, now=now)
    tokens.revoke(revoked.token.prefix, by=None, now=now)
    expired = tokens.issue(ada, by=None, now=now - timedelta(days=2), lives=timedelta(days=1))
    write()
    said = {
        name: refused(call("GET", "/tasks/next?agent=ada", token=token), 401, "who_are_you")["detail"]
        for name, token in {
            "revoked": revoked.secret,
            "expired": expired.secret,
            "unknown": "ab_x",
            "none": "",
        }.items()
    }

    assert said["revoked"] == "This token of ada was revoked."
    assert said["expired"] == "This token of ada has expired."
    assert said["unknown"] == said["none"] == "No agent of this board has this token."
    assert Task.objects.get().status == "todo"


def test_in_open_mode_a_token_is_not_needed_and_counts_when_it_is_shown(
    write: Callable[..., Task], secret: str, bob: Agent
):
    task = write()
    assert call("POST", f"/tasks/{task.ref}/comments", {"agent": "bob", "text": "x"}).status_code == 201
    assert call("POST", f"/tasks/{task.ref}/comments", {"text": "x"}, token=secret).status_code == 201
    assert Comment.objects.order_by("pk").last().author.name == "ada"  # type: ignore[union-attr]
    answer = call("GET", "/tasks/next", Authorization="Basic YWRhOng=")
    assert "does not say who" in refused(answer, 401, "who_are_you")["detail"]


@pytest.mark.usefixtures("asking")
def test_an_agent_may_register_agents_and_change_itself_but_makes_no_people_and_changes_nobody_else(
    secret: str, bob: Agent, olga: Agent
):
    def ask(method: str, path: str, token: str = secret, **body: Any) -> Any:
        return call(method, path, body, token=token)

    assert ask("POST", "/agents", name="sage").status_code == 201
    assert ask("PATCH", "/agents/ada", skills=["rust"], kind="agent").status_code == 200
    for answer in (
        ask("POST", "/agents", name="boss", kind="human"),
        ask("PATCH", "/agents/ada", kind="human"),
        ask("PATCH", "/agents/bob", paused_until="2999-01-01T00:00:00Z"),
    ):
        refused(answer, 403, "forbidden")
    assert not Agent.objects.filter(name="boss").exists()
    person = tokens.issue(olga, by=olga, now=timezone.now()).secret
    assert ask("PATCH", "/agents/bob", person, paused_until="2999-01-01T00:00:00Z").status_code == 200
    assert ask("POST", "/agents", person, name="boss", kind="human").status_code == 201


@pytest.mark.usefixtures("asking")
def test_a_token_costs_a_call_one_query_and_one_write_a_minute(
    ada: Agent, secret: str, django_assert_num_queries: Any
):
    Token.objects.update(last_used_at=timezone.now() - tokens.NOTED_EVERY)
    call("GET", "/agents/ada", token=secret)
    for _ in range(300):
        Token.objects.create(agent=ada, prefix=f"t{_:07}", secret_hash="x", created_at=timezone.now())
    with django_assert_num_queries(5):
        call("GET", "/agents/ada", token=secret)
