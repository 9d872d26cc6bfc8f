"""The digest and the agents: charts are drawn from their tables, and the list of agents follows what they do."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tasks.domain import agents, authoring, claims
from tests.tasks import states

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("overviews")]


@pytest.fixture
def write(site):
    ada = agents.register("ada", now=timezone.now(), last_seen_at=timezone.now())

    def one(title):
        draft = authoring.Draft(title=title, done_criteria=["It works"])
        return authoring.write([draft], by=ada, now=timezone.now()).tasks[0]

    return one


def test_charts_are_drawn_in_both_themes_and_say_their_numbers(open_page, write):
    states.reach(write("Shipped"), "done", worker=agents.find("ada"), now=timezone.now())
    page = open_page("/board/digest")
    expect(page.locator(".chart canvas")).to_have_count(3)
    expect(page.get_by_text("once a submission is rejected")).to_be_visible()
    light = page.locator(".chart canvas").first.evaluate("canvas => canvas.toDataURL()")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "light => document.querySelector('.chart canvas').toDataURL() !== light", arg=light
    )
    page.locator(".u-over").first.hover()
    expect(page.locator(".u-legend").first).to_contain_text("Done")
    page.get_by_text("The numbers").first.click()
    expect(page.locator(".chart-table").first).to_contain_text("Done")


def test_the_list_follows_an_agent_and_waits_while_a_menu_is_open(open_page, write):
    task = write("Mend the door")
    page = open_page("/board/agents", user="olga")
    row = page.locator("tr#ada")
    expect(row).to_contain_text("nothing")
    page.wait_for_timeout(800)
    claims.claim(task, by=agents.find("ada"), now=timezone.now())
    expect(row).to_contain_text("Mend the door", timeout=2500)
    row.get_by_text("Pause").click()
    claims.claim(write("Another"), by=agents.register("bob", now=timezone.now()), now=timezone.now())
    page.wait_for_timeout(1500)
    expect(page.locator("tr#bob")).to_have_count(0)
    page.get_by_role("button", name="for an hour").click()
    expect(row).to_contain_text("paused until")
    expect(page.locator("tr#bob")).to_contain_text("Another")


def test_a_mention_of_one_who_is_further_down_the_list_leads_to_its_page(open_page, write):
    for n in range(51):
        agents.register(f"a-{n:02}", now=timezone.now())
    page = open_page("/board/agents#a-50")
    page.wait_for_url("**/board/agents/a-50")
    expect(page.get_by_role("heading", name="a-50")).to_be_visible()
