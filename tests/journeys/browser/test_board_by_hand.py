"""The board by keyboard, on a phone, without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tasks.domain import agents
from tasks.models import Status, Task
from tests.tasks import states

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("board-by-hand")]


def focused(page):
    return page.evaluate("document.activeElement.closest('.card')?.id ?? document.activeElement.id")


def test_the_keyboard_reaches_every_card_and_help(open_page, tasks):
    page = open_page("/board/")
    page.wait_for_function("document.querySelectorAll('.card-title[tabindex=\"0\"]').length === 1")
    went = []
    for key in ("j", "j", "j", "k", "l", "h", "f", "j"):
        page.keyboard.press(key)
        went.append(focused(page))
    assert went == ["T-1", "T-2", "T-2", "T-1", "T-3", "T-1", "filter-text", "filter-text"]
    assert page.locator("#filter-text").input_value() == "j"

    page.locator("#T-1 .card-title").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next and previous card")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    assert focused(page) == "search"


def test_axe_finds_nothing_on_a_board_in_use(open_page, accessible, tasks):
    later = datetime.now(UTC) + timedelta(hours=1)
    for task, status in zip(tasks, ("blocked", "validating"), strict=False):
        states.reach(task, Status(status), worker=agents.find_or_register("bob", now=later)[0], now=later)
    Task.objects.filter(pk=3).update(stale_at=later - timedelta(hours=2), asks_human="Is it the right task?")
    for dark in (False, True):
        page = open_page("/board/?show=waiting", user="olga", dark=dark)
        expect(page.locator(".card-stale")).to_contain_text("asks you")
        assert accessible(page) == []
        page.keyboard.press("?")
        assert accessible(page) == []
        page.keyboard.press("Escape")
        page.locator("#T-2 .card-title").click()
        expect(page.locator("#side")).to_contain_text("Task 2")
        assert accessible(page) == []


def test_on_a_phone_columns_are_tabs_and_the_team_can_be_hidden_for_good(open_page, tasks):
    page = open_page("/board/", width=390)
    expect(page.locator("#T-3")).to_be_visible()
    expect(page.locator("#T-1")).not_to_be_visible()
    page.get_by_role("link", name="Ready 2").click()
    expect(page.locator("#T-1")).to_be_visible()
    page.get_by_role("link", name="Blocked 0").click()
    expect(page.locator("#column-blocked")).to_contain_text("Nothing is blocked")
    expect(page.locator("#strip")).to_be_in_viewport()
    page.get_by_role("button", name="Team").click()
    page.reload()
    expect(page.locator("#rail")).not_to_be_visible()


def test_without_javascript_the_board_is_read_and_filtered(open_page, tasks):
    page = open_page("/board/", java_script_enabled=False)
    expect(page.locator("#T-1")).to_be_visible()
    page.get_by_label("Assignee").fill("ada")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".card")).to_have_count(1)
    assert page.locator("#T-3 .card-title").get_attribute("href") == "/board/T-3"
