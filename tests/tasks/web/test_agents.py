"""Agents as pages: who is here, and what a human may change of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tasks.domain import agents
from tasks.models import Agent, Event
from tasks.queries import team_pause
from tests import hostile, inert
from tests.tasks import states

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


LISTED = "/board/agents"


@pytest.fixture
def person(olga) -> Client:
    """The browser of the human olga, who was seen just now."""
    user = get_user_model().objects.create(username="olga")
    Agent.objects.filter(pk=olga.pk).update(user=user, last_seen_at=timezone.now())
    client = Client()
    client.force_login(user)
    return client


def shown(client, path=LISTED):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def row(page, name):
    return page.partition(f'<tr id="{name}"')[2].partition("</tr>")[0]


def test_each_agent_is_there_with_what_it_holds_and_did(client, ada, bob, write):
    now = timezone.now()
    agents.change(ada, by=None, now=now, role="backend", skills=["css"], wip_limit=3)
    agents.heartbeat(ada, status="blocked", note="waits for a key", now=now)
    held = states.reach(write("Held task"), "doing", worker=ada, now=now)
    states.reach(write("Shipped"), "done", worker=ada, now=now)
    page = shown(client)
    ada_row = row(page, "ada")
    for part in (
        f"/board/{held.ref}",
        "Held task",
        "1/3",
        "1 shipped",
        "backend",
        "css",
        "waits for a key",
        ">blocked<",
    ):
        assert part in ada_row
    assert "nothing" in row(page, "bob")
    assert 'title="Sign in to pause ada"' in ada_row
    assert "<form" not in ada_row


def test_who_is_asked_for_is_shown_in_pages(client, db, now):
    for n in range(60):
        agents.register(f"agent-{n:02}", now=now)
    page = shown(client)
    assert 'id="agent-49"' in page
    assert 'id="agent-50"' not in page
    assert 'href="?which=all&amp;after=agent-49"' in page
    assert 'id="agent-59"' in shown(client, f"{LISTED}?after=agent-49")
    assert "Nobody is paused" in shown(client, f"{LISTED}?which=paused")
    assert "sign of life" in shown(client, f"{LISTED}?which=here")
    assert 'id="agent-49"' in shown(client, f"{LISTED}?which=nonsense")


def test_an_empty_board_says_how_somebody_appears(client, db):
    assert "GET /tasks/next?agent=ada" in shown(client)


def test_a_part_is_fetched_without_the_page(client, ada):
    answer = client.get(LISTED, headers={"hx-request": "true"})
    part = answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]
    assert 'id="ada"' in part
    assert "<html" not in part


def test_a_human_pauses_and_resumes_an_agent_and_comes_back_to_the_list(person, ada, olga):
    before = timezone.now()
    answer = person.post(f"{LISTED}/ada/pause", {"for": "8h", "back": f"{LISTED}?which=here"})
    assert answer.headers["Location"] == f"{LISTED}?which=here"
    until = agents.find("ada").paused_until
    assert until is not None
    assert timedelta(hours=8) <= until - before < timedelta(hours=8, minutes=1)
    assert Event.objects.get(kind="agent.changed").agent == olga
    assert "paused until" in row(shown(person), "ada")
    person.post(f"{LISTED}/ada/resume", {"back": "https://elsewhere.invalid/"})
    assert agents.find("ada").paused_until is None
    assert (
        person.post(f"{LISTED}/ada/pause", {"for": "", "back": "//elsewhere.invalid/"}).headers["Location"]
        == LISTED
    )
    assert agents.find("ada").paused_until == team_pause.FOR_GOOD
    assert "paused until resumed" in row(shown(person), "ada")


def test_a_human_pauses_the_team(person, ada, bob, olga):
    person.post("/board/team/pause", {"for": "1d"})
    page = shown(person)
    assert "The whole team is paused" in page
    assert "Pause the team" not in page
    assert agents.find("olga").paused_until is None
    person.post("/board/team/resume")
    assert agents.find("bob").paused_until is None
    assert set(Event.objects.filter(agent=olga).values_list("kind", flat=True)) >= {
        "team.paused",
        "team.resumed",
    }


@pytest.mark.parametrize("length", ["x", "-1h", "0s", "9999999d"])
def test_a_length_that_is_none_is_refused(person, ada, length):
    for path in (f"{LISTED}/ada/pause", "/board/team/pause"):
        assert person.post(path, {"for": length}).status_code == 422
    assert agents.find("ada").paused_until is None


def test_a_human_says_what_an_agent_is(person, ada, olga):
    person.post(f"{LISTED}/ada/facts", {"role": "tests", "skills": "CSS, sql,\nsql", "wip_limit": "4"})
    changed = agents.find("ada")
    assert (changed.role, changed.skills, changed.wip_limit) == ("tests", ["css", "sql"], 4)
    page = shown(person, f"{LISTED}/ada")
    assert "css, sql" in page
    person.post(f"{LISTED}/ada/facts", {"role": "", "skills": "", "wip_limit": ""})
    changed = agents.find("ada")
    assert (changed.role, changed.skills, changed.wip_limit) == ("", [], None)


@pytest.mark.parametrize(
    "facts",
    [
        {"role": "x" * 61},
        {"skills": "x" * 61},
        {"skills": ",".join(map(str, range(201)))},
        {"wip_limit": "0"},
    ],
)
def test_facts_beyond_the_limits_are_refused_in_the_form_and_nothing_is_written(person, ada, facts):
    answer = person.post(f"{LISTED}/ada/facts", facts)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Event.objects.filter(kind="agent.changed").exists()


def test_an_agent_has_a_page_with_its_attempts(client, ada, write, now):
    for n in range(31):
        states.reach(write(f"task-{n}."), "blocked", worker=ada, now=now)
    page = shown(client, f"{LISTED}/ada")
    assert "task-1." in page
    assert "task-0." not in page
    older = page.partition('href="?before=')[2].partition('"')[0]
    assert "task-0." in shown(client, f"{LISTED}/ada?before={older}")
    assert "Sign in to change it" in page
    assert client.get(f"{LISTED}/adaa").status_code == 404


def test_a_stranger_changes_nothing(client, ada):
    for path in ("ada/pause", "ada/resume", "ada/facts"):
        assert client.post(f"{LISTED}/{path}").headers["Location"].startswith("/board/sign-in")
    for path in ("pause", "resume"):
        assert client.post(f"/board/team/{path}").headers["Location"].startswith("/board/sign-in")
    assert not Event.objects.filter(kind__in=["agent.changed", "team.paused", "team.resumed"]).exists()


def test_what_is_written_is_inert(client, db, write, now):
    for n, text in enumerate(hostile.STRINGS[::2]):
        one = agents.register(
            f"a-{n}", now=now, role=text[:60], skills=[text[:60].lower()], said_note=text[:300]
        )
        states.reach(write(text[:300]), "doing", worker=one, now=now)
    assert inert.objections(shown(client)) == []
    assert inert.objections(shown(client, f"{LISTED}/a-7")) == []
