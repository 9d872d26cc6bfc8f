"""Search: one field for tasks, agents and channels."""

from __future__ import annotations

import pytest

from tasks.domain import agents
from tests import hostile, inert
from tests.tasks import states

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


def shown(client, query):
    answer = client.get(f"/board/search?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("asked", ["T-1", "t-1", " T-1 "])
def test_an_id_leads_straight_to_its_task(client, write, asked):
    task = write()
    asked = asked.replace("1", str(task.pk))
    assert client.get("/board/search", {"q": asked}).headers["Location"] == f"/board/{task.ref}"
    assert client.get("/board/search", {"q": "T-999999"}).status_code == 200


def test_words_are_found_and_marked_where_they_stand(client, write):
    write("Fix the login loop", description="It loops since the <b>login</b> was moved.")
    write("Another")
    page = shown(client, "q=LOG")
    assert "Fix the <mark>log</mark>in loop" in page
    assert "&lt;b&gt;<mark>log</mark>in&lt;/b&gt;" in page
    assert "Another" not in page


def test_a_number_is_an_id_as_well_as_a_word(client, write):
    task, other = write("Plain"), None
    other = write(f"Version {task.pk}")
    page = shown(client, f"q={task.pk}")
    assert page.index(other.ref) < page.index("Plain")


def test_results_are_narrowed_by_state_and_come_in_pages(client, ada, write, now):
    states.reach(write("word blocked-one"), "blocked", worker=ada, now=now)
    for n in range(27):
        write(f"word number-{n}.")
    page = shown(client, "q=word")
    assert "number-26." in page
    assert "number-2." in page
    assert "number-1." not in page
    older = page.partition('href="?q=word&amp;before=')[2].partition('"')[0]
    assert "number-1." in shown(client, f"q=word&before={older}")
    narrowed = shown(client, "q=word&state=blocked")
    assert "blocked-one" in narrowed
    assert "number-" not in narrowed
    assert "look in every state" in shown(client, "q=word&state=done")
    assert "number-26." in shown(client, "q=word&state=nonsense")


@pytest.mark.parametrize("asked", ["ad", "AD", "@ad"])
def test_agents_and_channels_are_found_by_how_their_name_begins(client, ada, bob, asked):
    page = shown(client, f"q={asked}")
    assert 'href="/board/agents/ada"' in page
    assert 'href="/board/agents/bob"' not in page
    assert 'href="/board/channels/reviews"' in shown(client, "q=%23rev")


@pytest.mark.parametrize("asked", ["", "  ", "%00", "%3F%21", "%25", "_"])
def test_a_question_without_a_word_finds_nothing_and_says_so(client, ada, write, asked):
    write("Anything")
    page = shown(client, f"q={asked}")
    assert "Anything" not in page
    assert 'class="empty"' in page


def test_what_is_written_is_inert(client, write):
    for text in hostile.STRINGS:
        write(text[:300], description=text)
    for asked in ("window", "elsewhere", *hostile.STRINGS[::9]):
        assert inert.objections(client.get("/board/search", {"q": asked}).content.decode()) == []


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_grow(client, write, now, count, django_assert_num_queries):
    for n in range(count):
        agents.register(f"word-{n}", now=now)
        write(f"word {n}")
    with django_assert_num_queries(7):
        shown(client, "q=word")
