"""Channels as pages: reading, writing, making one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_app.domain import messages
from channels_app.models import Channel, Message
from tests import hostile, inert
from tests.tasks import states

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


GENERAL = "/board/channels/general"


@pytest.fixture
def say(ada, general, now):
    def one(text="Hello", *, by=ada, minutes=0, **options):
        return messages.post(general, text, by=by, now=now + timedelta(minutes=minutes), **options)

    return one


def shown(client, path=GENERAL):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_channel_is_read_with_its_newest_message_last(client, say, bob):
    say("First")
    say("Second", minutes=1)
    say("@bob, look at T-1", minutes=2)
    page = shown(client)
    assert page.index("First") < page.index("Second") < page.index('<a href="/board/agents#bob"')
    assert '<a href="/board/T-1"' in page
    assert page.count('class="line-head"') == 1  # one writer, in a row
    assert 'href="/board/sign-in' in page
    assert "<textarea" not in page


def test_a_day_and_another_writer_begin_a_new_head(client, say, bob):
    say()
    say(by=bob, minutes=1)
    say(by=bob, minutes=2)
    say(by=bob, minutes=24 * 60)
    page = shown(client)
    assert page.count('class="day"') == 2
    assert page.count('class="line-head"') == 3
    assert "Monday, 2 March 2026" in page


def test_older_messages_are_behind_a_link_that_is_never_beside_the_newest(client, say):
    for n in range(1, 121):
        say(f"word-{n}.")
    page = shown(client)
    assert "word-120." in page
    assert "word-71." in page
    assert "word-70." not in page
    assert 'href="?before=71"' in page
    assert "data-newest" in page
    older = shown(client, f"{GENERAL}?before=21")
    assert "word-20." in older
    assert "word-21." not in older
    assert "Older messages" not in older
    assert "data-newest" not in older


def test_what_came_after_a_message_is_told_without_repeating_its_day(client, say, bob):
    say("known")
    say("new", minutes=1)
    say("newer", by=bob, minutes=2)
    part = shown(client, f"{GENERAL}?since=1")
    assert "<html" not in part
    assert "known" not in part
    assert 'class="day"' not in part
    assert part.count('class="line-head"') == 1  # bob's; ada goes on
    assert 'data-name="general" data-last="3"' in part
    assert 'class="line' not in shown(client, f"{GENERAL}?since=3")
    assert 'class="day"' in shown(client, f"{GENERAL}?since=0")


def test_a_person_writes_as_its_agent_and_whom_it_names_is_reached(person, say, ada, olga, told):
    say("Which key?")
    answer = person.post(f"{GENERAL}/messages", {"text": "@ada the staging one\r\nfor T-1", "reply_to": "1"})
    assert answer.headers["Location"] == f"{GENERAL}#m-2"
    message = Message.objects.get(number=2)
    assert (message.author, message.text, message.reply_to) == (olga, "@ada the staging one\nfor T-1", 1)
    assert told(ada) == [("mention", "@ada the staging one")]
    page = shown(person)
    assert "Which key?" in page[page.index('class="line-answers"') :]
    assert "Answering ada" in shown(person, f"{GENERAL}?reply_to=1")


def test_a_script_gets_no_page_for_what_it_sent(person):
    answer = person.post(f"{GENERAL}/messages", {"text": "x"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "body", [{}, {"text": " \r\n"}, {"text": "x" * 20_001}, {"text": "x", "reply_to": "7"}]
)
def test_what_is_no_message_is_refused_and_not_written(person, body):
    assert person.post(f"{GENERAL}/messages", body).status_code == 422
    assert not Message.objects.exists()


def test_a_stranger_writes_nothing_and_is_led_to_sign_in(client, general):
    for path in (f"{GENERAL}/messages", "/board/channels/"):
        answer = client.post(path, {"text": "x", "name": "x"})
        assert answer.status_code == 401
        assert 'href="/board/sign-in?next=' in answer.content.decode()
    assert not Message.objects.exists()
    assert not Channel.objects.filter(name="x").exists()


def test_in_token_mode_a_stranger_reads_nothing(client, general, settings):
    settings.AUTH = "token"
    for path in (GENERAL, f"{GENERAL}?since=0", "/board/channels/", "/board/inbox", "/board/search?q=x"):
        assert client.get(path).headers["Location"].startswith("/board/sign-in")


def test_a_person_makes_a_channel(person, olga):
    answer = person.post("/board/channels/", {"name": "#Release-2", "topic": " What is left "})
    assert answer.headers["Location"] == "/board/channels/release-2"
    made = Channel.objects.get(name="release-2")
    assert (made.topic, made.created_by) == ("What is left", olga)
    page = shown(person, "/board/channels/release-2")
    assert "Nobody has written here yet" in page
    assert "What is left" in shown(person, "/board/channels/")
    for body, status in (
        ({"name": "release-2"}, 409),
        ({"name": "a b"}, 422),
        ({"name": "y", "topic": "x" * 301}, 422),
    ):
        assert person.post("/board/channels/", body).status_code == status


def test_a_channel_there_is_not_is_a_404(client, db):
    assert client.get("/board/channels/genera").status_code == 404


def test_what_the_board_says_is_marked_with_what_happened(client, ada, write, now):
    states.reach(write("Fix <login>"), "validating", worker=ada, now=now)
    page = shown(client, "/board/channels/reviews")
    assert '<span class="chip">submitted</span>' in page
    assert "Fix &lt;login&gt;" in page


def test_what_is_written_is_inert(client, say):
    for text in hostile.STRINGS:
        say(text)
    pages = [shown(client, f"{GENERAL}?before={before}") for before in (51, 101)]
    assert [inert.objections(page) for page in pages] == [[], []]
    assert "window.ran=1" in pages[0]


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_queries_does_not_grow(client, say, bob, count, django_assert_num_queries):
    for n in range(count):
        say(f"@bob {n}", by=bob, minutes=n, reply_to=1 if n else None)
    with django_assert_num_queries(4):
        shown(client)
