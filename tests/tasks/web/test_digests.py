"""The digest as a page, with its charts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.domain import agents, closing, digests
from tasks.models import Digest
from tests import hostile, inert
from tests.tasks import states

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


def shown(client, query=""):
    answer = client.get(f"/board/digest{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_board_has_one_that_says_what_would_fill_it(client, db):
    page = shown(client)
    assert "Nobody needs you" in page
    assert "Computed now" in page
    assert "No digest has been told yet" in page
    assert "No task was finished in this time" in page
    assert page.count("There is nothing to draw yet") == 4
    assert "data-chart" not in page
    assert not Digest.objects.exists()


def test_what_needs_a_human_comes_first_and_blocked_tasks_say_why(client, ada, write, settings):
    now = timezone.now()
    stuck = states.reach(write("Stuck task"), "blocked", worker=ada, now=now - 2 * settings.BLOCKED_ALERT)
    page = shown(client)
    assert page.index("1 needs a human") < page.index(f">{stuck.ref}<") < page.index("<dt>todo")
    blocked = page[page.index('id="list-blocked"') :]
    assert "The key is missing" in blocked
    assert "A key from @olga" in blocked


def test_the_newest_is_shown_and_earlier_ones_are_behind_links(client, write, settings):
    write()
    now = timezone.now()
    told = [digests.post(now=now - n * settings.DIGEST_EVERY) for n in reversed(range(13))]
    page = shown(client)
    assert "Told" in page
    for one in told[-10:]:
        assert f'href="?id={one.pk}"' in page
    assert f'href="?id={told[2].pk}"' not in page
    assert f'href="?id={told[0].pk}"' in shown(client, f"?before={told[3].pk}")
    assert f'aria-current="true"><td><a href="?id={told[4].pk}"' in shown(client, f"?id={told[4].pk}")
    assert "Computed now" in shown(client, "?fresh=1")
    assert "Told" in shown(client, "?id=999999&before=x&days=x")


def test_the_charts_are_tables_with_every_number_as_text_and_as_a_value(client, ada, olga, write):
    now = timezone.now()
    states.reach(write(now=now), "done", worker=ada, now=now)
    states.reject(states.reach(write(now=now), "validating", worker=ada, now=now), now=now)
    closing.override(write(now=now), by=olga, reason="r", now=now)
    for days in (14, 30, 90):
        page = shown(client, f"?days={days}")
        assert f"The last {days} days" in page
        throughput = page.partition("Throughput per day</h3>")[2].partition("</figure>")[0]
        rows = re.findall(r'<tr><th scope="row">.*?</tr>', throughput, re.DOTALL)
        assert len(rows) == days
        assert re.findall(r'data-value="(\d+)">(\d+)<', rows[-1]) == [("2", "2"), ("1", "1")]
        assert 'data-value="0.5">50%<' in page
        members = page.partition("By agent")[2]
        assert re.search(r'>ada</a></th><td class="number">1</td><td class="number">1</td>', members)
        assert page.count('role="img"') == 4
        flow = page.partition("Cumulative flow")[2].partition("</figure>")[0]
        values = re.findall(r'data-value="(\d*)"', flow)
        assert set(values[:-5]) == {""}  # no line before there was a task
        assert values[-5:] == ["2", "0", "0", "0", "1"]


def test_the_number_of_queries_is_the_same_for_any_number_of_tasks(
    client, ada, olga, write, django_assert_max_num_queries
):
    now = timezone.now()
    agents.change(ada, by=None, now=now, wip_limit=99)
    asked = []
    for count in (3, 21):
        for n in range(count):
            states.reach(write(f"t{n}"), ("doing", "blocked", "done")[n % 3], worker=ada, now=now)
        with django_assert_max_num_queries(50) as queries:
            shown(client)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_what_is_written_is_inert(client, ada, olga, write):
    now = timezone.now()
    agents.change(ada, by=None, now=now, wip_limit=99)
    for n, text in enumerate(hostile.STRINGS[::2]):
        status = ("doing", "blocked", "validating", "done")[n % 4]
        states.reach(write(text[:300]), status, worker=ada, now=now - timedelta(days=1))
    assert inert.objections(shown(client)) == []


def test_in_token_mode_a_stranger_reads_nothing(client, db, settings):
    settings.AUTH = "token"
    for path in ("digest", "agents", "agents/ada"):
        assert client.get(f"/board/{path}").headers["Location"].startswith("/board/sign-in")
