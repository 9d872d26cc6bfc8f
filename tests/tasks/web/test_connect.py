"""The connect page: tokens made, shown once and revoked, and what to paste where."""

from __future__ import annotations

import html
import json
import re
import tomllib
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tasks.domain import people, tokens
from tasks.models import Agent, Token

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


MAKE = "/board/connect/tokens"
SECRET = re.compile(r"ab_[a-z0-9]{8}_[\w-]{43}")


@pytest.fixture
def person(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create(username="olga"))
    return client


@pytest.fixture(params=["open", "token"])
def auth(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.AUTH = request.param
    return str(request.param)


def pasted(page: str) -> dict[str, str]:
    """The texts to paste, by the id of their element."""
    found = re.findall(r'<code id="([\w-]+)">(.*?)</code>', page, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


def test_in_open_mode_everybody_sees_snippets_without_a_token_filled_with_address_and_name(db: None):
    page = Client().get("/board/connect?agent=Sage", headers={"Host": "127.0.0.1:8123"}).content.decode()
    texts = pasted(page)

    assert json.loads(texts["claude-code-1"]) == {
        "env": {"AGENTBOARD_URL": "http://127.0.0.1:8123", "AGENTBOARD_AGENT": "sage"}
    }
    assert "agent `sage`" in texts["codex-2"]
    assert {name.rpartition("-")[0] for name in texts} == {"claude-code", "codex", "cursor", "curl", "python"}
    assert "Bearer" not in "".join(texts.values())
    assert "TOKEN" not in "".join(texts.values())
    assert page.count("data-copy=") == len(texts)


def test_in_token_mode_the_page_is_for_who_is_signed_in_and_shows_where_the_token_goes(
    person: Client, settings: Any
):
    settings.AUTH = "token"
    assert Client().get("/board/connect")["Location"] == "/board/sign-in?next=%2Fboard%2Fconnect"
    texts = pasted(person.get("/board/connect").content.decode())
    config = tomllib.loads(texts["codex-1"])

    assert config["shell_environment_policy"]["set"]["AGENTBOARD_TOKEN"] == "YOUR-TOKEN"
    assert config["sandbox_workspace_write"] == {"network_access": True}


def test_a_token_is_shown_once_in_every_snippet_and_works(person: Client, auth: str):
    made = person.post(MAKE, {"agent": "Link", "label": "laptop", "lives": "30d"})
    page = made.content.decode()
    secrets = set(SECRET.findall(page))
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    assert len(secrets) == 1
    (secret,) = secrets
    texts = pasted(page)
    assert all(
        secret in texts[name] for name in ("claude-code-1", "codex-1", "cursor-1", "curl-1", "python-1")
    )

    assert tokens.holder(secret, now=timezone.now()) == "link"
    token = Token.objects.get()
    assert token.expires_at
    assert ((token.expires_at - token.created_at).days, token.label) == (30, "laptop")
    assert token.created_by == Agent.objects.get(name="olga")
    again = person.get("/board/connect").content.decode()
    assert not SECRET.search(again)
    assert f"ab_{token.prefix}" in again


def test_a_stranger_is_sent_to_the_sign_in_and_makes_nothing(db: None, auth: str):
    answer = Client().post(MAKE, {"agent": "link"})

    assert answer.status_code == 401
    assert b'href="/board/sign-in?next=' in answer.content
    assert Client().get(MAKE).status_code in (302, 405)
    assert not Token.objects.exists()
    assert not Agent.objects.exists()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"agent": "No Name!"}, 422),
        ({}, 422),
        ({"agent": "link", "label": "x" * 61}, 422),
        ({"agent": "rival"}, 403),
    ],
)
def test_a_token_that_cannot_be_made_is_refused_in_words(
    person: Client, form: dict[str, str], status: int, auth: str
):
    people.acting_as(User.objects.create(username="rival").pk, username="rival", now=timezone.now())
    answer = person.post(MAKE, form)

    assert answer.status_code == status
    assert not Token.objects.exists()
    assert not Agent.objects.filter(name="link").exists()


def test_a_made_up_life_is_none(person: Client):
    person.post(MAKE, {"agent": "link", "lives": "9999999d"})

    assert Token.objects.get().expires_at is None


def test_own_tokens_are_revoked_and_those_of_others_neither_shown_nor_revoked(person: Client, auth: str):
    person.post(MAKE, {"agent": "link"})
    mine = Token.objects.get()
    other = tokens.issue_to("sage", by=None, now=timezone.now()).token
    page = person.get("/board/connect").content.decode()
    assert (mine.prefix in page, other.prefix in page) == (True, False)

    refused = person.post(f"{MAKE}/{other.prefix}/revoke")
    revoked = person.post(f"{MAKE}/{mine.prefix}/revoke", follow=True)

    assert refused.status_code == 403
    assert revoked.redirect_chain == [("/board/connect", 302)]
    assert "lets nobody in any more" in revoked.content.decode()
    assert list(Token.objects.exclude(revoked_at=None)) == [mine]
    assert person.post(f"{MAKE}/{mine.prefix}/revoke").status_code == 409
    assert person.post(f"{MAKE}/nonsense/revoke").status_code == 404


@pytest.mark.parametrize("name", ["No Name!", "<script>alert(1)</script>", "system", "x" * 50, "a\0"])
def test_a_name_that_nobody_can_have_is_explained_beside_the_field(db: None, name: str):
    answer = Client().get("/board/connect", {"agent": name})
    page = answer.content.decode()

    assert answer.status_code == 200
    assert 'aria-describedby="wrong"' in page
    assert "<script>alert" not in page
    assert "agent `link`" in pasted(page)["codex-2"]


def test_a_hostile_label_is_shown_as_text(person: Client):
    person.post(MAKE, {"agent": "link", "label": '<img src=x onerror="alert(1)">'})

    assert "<img src=x" not in person.get("/board/connect").content.decode()


def test_the_address_is_https_where_the_browser_came_by_it(db: None):
    referer = {"Host": "board.localhost", "Referer": "https://board.localhost/board/"}
    page = Client().get("/board/connect", headers={**referer, "Host": "localhost"})
    own = Client().get("/board/connect", headers={"Host": "localhost", "Referer": "https://localhost/board/"})

    assert "http://localhost" in pasted(page.content.decode())["curl-1"]
    assert "https://localhost" in pasted(own.content.decode())["curl-1"]


def test_any_number_of_tokens_takes_the_same_queries(person: Client, django_assert_num_queries: Any):
    for n in range(3):
        person.post(MAKE, {"agent": f"link-{n}"})
    with django_assert_num_queries(6):
        person.get("/board/connect")
    olga = Agent.objects.get(name="olga")
    for n in range(300):
        tokens.issue_to(f"other-{n}", by=olga, now=timezone.now())
    with django_assert_num_queries(6):
        page = person.get("/board/connect").content
    assert b"newest 100" in page
    assert len(page) < 100_000
