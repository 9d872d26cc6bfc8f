"""The inbox of the person who looks."""

from __future__ import annotations

import pytest

from channels_app.domain import messages
from channels_app.queries import unread
from tests import hostile, inert
from tests.tasks import states

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


def shown(person, query=""):
    answer = person.get(f"/board/inbox{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_what_concerns_the_person_and_where_the_whole_of_it_is(
    person, ada, olga, general, write, now
):
    messages.post(general, "@olga, which key?", by=ada, now=now)
    task = states.reach(write(by=ada, reviewer="olga"), "validating", worker=ada, now=now)
    page = shown(person)
    assert 'href="/board/channels/general?before=26#m-1"' in page
    assert f'href="/board/{task.ref}"' in page
    assert "mentions you" in page
    assert "asks for your review" in page
    assert "2 unread" in page
    for path in ("inbox", "channels/"):
        header = person.get(f"/board/{path}").content.decode().partition("</header>")[0]
        assert '<span class="top-count">2<' in header
    assert unread.count(olga) == 2  # looking at it marks nothing


def test_what_was_seen_is_marked_as_read_and_what_came_since_is_not(person, ada, olga, general, now):
    for _ in range(2):
        messages.post(general, "@olga", by=ada, now=now)
    assert 'name="up_to" value="2"' in shown(person)
    messages.post(general, "@olga again", by=ada, now=now)
    assert person.post("/board/inbox/read", {"up_to": "2"}).headers["Location"] == "/board/inbox"
    assert unread.count(olga) == 1
    page = shown(person)
    assert page.index("again") < page.index('class="notice"')
    assert page.count("notice-unread") == 1


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30, "1.5"])
def test_a_number_that_is_none_marks_nothing(person, ada, olga, general, now, up_to):
    messages.post(general, "@olga", by=ada, now=now)
    person.post("/board/inbox/read", {"up_to": up_to})
    assert unread.count(olga) == 1


def test_a_long_inbox_has_pages_and_the_same_number_of_queries(
    person, ada, general, now, django_assert_num_queries
):
    for count in (3, 37):
        for n in range(count):
            messages.post(general, f"@olga {n}.", by=ada, now=now)
        with django_assert_num_queries(6):
            assert "Further" not in shown(person)
    for n in range(40, 60):
        messages.post(general, f"@olga {n}.", by=ada, now=now)
    page = shown(person)
    assert "Mark these 50 as read" in page
    assert 'href="?place=unread%3A0%3A50"' in page
    assert "59." in shown(person, "?place=unread%3A0%3A50")
    assert "Further" in shown(person, "?place=nonsense")


def test_an_empty_one_says_what_would_fill_it(person):
    assert "<code>@olga</code>" in shown(person)


def test_it_is_nobody_elses(client, db):
    assert client.get("/board/inbox").headers["Location"] == "/board/sign-in?next=%2Fboard%2Finbox"


def test_what_is_written_is_inert(person, ada, general, now):
    for text in hostile.STRINGS[:45]:
        messages.post(general, f"@olga {text}", by=ada, now=now)
    assert inert.objections(shown(person)) == []
