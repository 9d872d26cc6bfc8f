"""People and agents talk: what one writes appears at once on the page of the other, and nobody loses their place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from channels_app.domain import messages
from channels_app.models import Channel, Message
from tasks.domain import agents
from tests.conftest import NOW

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("conversation")]


@pytest.fixture
def say(site):
    ada = agents.register("ada", now=NOW)

    def one(text, *, channel="general"):
        messages.post(Channel.objects.get(name=channel), text, by=ada, now=NOW)

    return one


def test_what_an_agent_writes_appears_within_a_second(open_page, say):
    say("Before")
    page = open_page("/board/channels/general", user="olga")
    expect(page.get_by_text("Before")).to_be_visible()
    page.wait_for_function("document.querySelector('[data-live]').textContent === ''")
    page.wait_for_timeout(500)
    say("Now <b>this</b>")
    expect(page.get_by_text("Now <b>this</b>")).to_be_visible(timeout=1000)
    dot = page.locator(".channels [data-name=reviews] .channels-dot")
    expect(dot).to_be_hidden()
    say("Elsewhere", channel="reviews")
    expect(dot).to_be_visible(timeout=1500)
    page.goto("/board/channels/reviews")
    expect(page.get_by_text("Elsewhere")).to_be_visible()
    expect(page.locator(".channels [data-name=reviews] .channels-dot")).to_be_hidden()


def test_a_reader_who_has_scrolled_up_stays_there_and_is_told(open_page, say):
    for n in range(45):
        say(f"line {n}.")
    page = open_page("/board/channels/general", user="olga")
    expect(page.get_by_text("line 44.")).to_be_in_viewport()
    page.get_by_text("line 10.").scroll_into_view_if_needed()
    page.wait_for_timeout(600)
    before = page.get_by_text("line 10.").bounding_box()
    say("the newest")
    unseen = page.get_by_role("button", name="New messages")
    expect(unseen).to_be_visible(timeout=1500)
    after = page.get_by_text("line 10.").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 3
    unseen.click()
    expect(page.get_by_text("the newest")).to_be_in_viewport()
    expect(unseen).to_be_hidden()


def test_a_person_writes_with_the_keyboard_and_a_refusal_keeps_the_text(open_page, say):
    page = open_page("/board/channels/general", user="olga")
    field = page.get_by_label("Message to #general")
    field.fill("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    field.press("Enter")
    expect(page.locator(".line", has_text="one")).to_be_visible(timeout=2000)
    expect(field).to_have_value("")
    assert Message.objects.get().text == "one\ntwo"
    page.evaluate("document.querySelector('form.composer').action = '/board/channels/gone/messages'")
    field.fill("kept")
    field.press("Enter")
    expect(page.locator("#refusal")).to_contain_text("There is no channel gone")
    expect(field).to_have_value("kept")
    # The browser notes the refusal.
    open_page.wrong[:] = [line for line in open_page.wrong if "404" not in line]


def test_without_a_script_it_is_a_form(open_page, say):
    say("Before")
    page = open_page("/board/channels/general", user="olga", java_script_enabled=False)
    page.get_by_label("Message to #general").fill("by hand")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("by hand")).to_be_visible()
