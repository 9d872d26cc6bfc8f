"""The board's page: its size, its queries, what it does with what agents write."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.domain import agents, authoring
from tasks.models import Status
from tasks.queries import board_columns
from tests import hostile, real_board
from tests.benchmarks import filling
from tests.tasks import states

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


COLUMNS = ["ready", "doing", "blocked", "validating", "done"]


@pytest.fixture
def look(client):
    """Get an address of the board; gives its HTML."""

    def get(path="/board/", status=200, **headers):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
        return answer.content.decode()

    return get


def cards(page):
    return re.findall(r'<li class="card[^"]*" id="(T-\d+)"', page)


def fill(write, worker, now, each):
    """So many tasks in each column, beside some that wait."""
    agents.change(worker, by=None, now=now, wip_limit=10 * each)
    for _ in range(each):
        for name in ("todo", *COLUMNS[1:]):
            states.reach(write(reviewer="rita"), Status(name), worker=worker, now=now)
        write(done_criteria=[])


def test_an_empty_board_says_what_would_fill_it_and_how(look, db):
    page = look()
    assert "The board is empty" in page
    assert 'href="/board/new"' in page
    assert "Nobody is here" in page
    assert "No task is like that" in look("/board/?label=none")


def test_each_card_says_what_it_is(look, ada, write, now):
    task = states.reach(write("Fix <login>", priority=0), "doing", worker=ada, now=now)
    card = re.search(r'<li class="card.*?</li>', look(), re.DOTALL)[0]
    assert f'href="/board/{task.ref}"' in card
    for said in (task.ref, "P0", "Fix &lt;login&gt;", "ada", "stale", "taken back"):
        assert said in card
    assert "card-do" not in card, "a stranger is offered nothing that it may not do"


def test_who_is_signed_in_is_offered_what_can_be_done(client, django_user_model, ada, write, now):
    fill(write, ada, now, 1)
    client.force_login(django_user_model.objects.create_user("olga-h"))
    page = client.get("/board/?show=older").content.decode()
    assert re.findall(r'data-do="(\w+)"', page) == ["claim", "release", "unblock", "review", "reopen"]


SMALL = filling.Amounts(3, blocked=1, held=1, done=1, approved=1)
LARGE = filling.Amounts(900, blocked=100, held=90, done=200, approved=100)


def test_three_cards_and_a_thousand_take_the_same_queries_and_few_bytes(
    client, django_user_model, board_template, tmp_path, django_db_blocker, now
):
    ids = ",".join(f"T-{n}" for n in range(1, 90))
    paths = ["/board/?show=older&show=waiting", f"/board/changes?ids={ids}&freed={ids}&news=1"]
    taken = []
    for amounts in (SMALL, LARGE):
        with django_db_blocker.unblock(), real_board.copy(board_template, tmp_path) as url:
            filling.fill(url, amounts, now=now)
            client.force_login(django_user_model.objects.create_user("olga-h"))
            pages = [asked(client, path) for path in paths]
        taken.append([count for _, count in pages])
    assert len(cards(pages[0][0])) == 4 * board_columns.PAGE
    assert len(pages[0][0].encode()) < 300_000
    assert taken[0] == taken[1]
    assert taken[0][0] < 50


def asked(client, path):
    """The HTML at an address, and how many queries it takes."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path).content.decode()
    return page, len(queries)


def test_what_agents_write_stays_text(look, olga, now):
    drafts = [authoring.Draft(title=text[:300], done_criteria=["c"]) for text in hostile.STRINGS]
    authoring.write(drafts, by=olga, now=now)
    page = look() + look("/board/columns/ready?after=2.1.1")
    titles = re.findall(r'<a class="card-title"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert titles
    assert all("<" not in title for title in titles)
    assert {html.unescape(title) for title in titles} <= {text[:300] for text in hostile.STRINGS}
    echoed = look(
        "/board/?label=%22%3E%3Cscript%3E&text=%3Csvg%20onload=x%3E&project=%27%3E&assignee=%3Cb%3E"
    )
    assert "<script>" not in echoed
    assert "<svg onload" not in echoed


def test_filters_stand_in_the_address_and_in_the_fields(look, ada, write, now):
    kept, other = write("Fix login", labels=["web"], priority=1), write("Else")
    page = look("/board/?label=web&priority=p1&text=login&stuck=nonsense")
    assert cards(page) == [kept.ref]
    assert 'value="web"' in page
    assert "<option selected>P1</option>" in page
    assert f'id="{other.ref}"' in look("/board/?priority=P9&project=")


def test_a_column_goes_on_where_a_page_ended_for_scripts_and_for_people(look, write, monkeypatch):
    monkeypatch.setattr(board_columns.page, "__kwdefaults__", board_columns.page.__kwdefaults__ | {"size": 2})
    tasks = [write(f"{n}").ref for n in range(5)]
    address = html.unescape(re.search(r'data-more href="([^"]+)"', look())[1])
    assert cards(look(address, hx_request="true")) == tasks[2:4]
    whole = look(address)
    assert "<h1>Ready" in whole
    assert cards(whole) == tasks[2:4]
    look("/board/columns/cancelled", status=404)


def test_a_page_that_is_open_asks_what_became_of_what_it_shows(look, ada, write, now):
    moved, gone = write(), write()
    states.reach(moved, "doing", worker=ada, now=now)
    states.reach(gone, "cancelled", worker=ada, now=now)
    part = look(f"/board/changes?ids={moved.ref},{gone.ref},nonsense")
    assert re.findall(r'data-changed="(\w+)"', part) == ["doing"]
    assert cards(part) == [moved.ref]
    assert f'data-left="{gone.ref}"' in part
    assert re.findall(r'data-counted="(\w+)">(\d+)', part) == [
        (name, str(int(name == "doing"))) for name in COLUMNS
    ]
    assert 'id="strip"' not in part
    assert 'id="strip"' in look("/board/changes?news=1")


def test_in_token_mode_a_stranger_sees_nothing_of_it(client, settings, db):
    settings.AUTH = "token"
    for path in ("/board/", "/board/changes?ids=T-1", "/board/columns/ready"):
        assert client.get(path).headers["Location"].startswith("/board/sign-in")
    assert client.get("/board/live").status_code == 401
