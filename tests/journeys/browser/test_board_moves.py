"""Moving cards by hand: each move is a call of the board's, and a refused one says why and puts the card back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tasks.models import Task

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("board-moves")]


@pytest.fixture
def page(open_page, tasks):
    page = open_page("/board/", user="olga")
    expect(page.locator("#live")).to_have_text("Live")
    return page


def drag(page, ref, column):
    card = page.locator(f".card#{ref}").bounding_box()
    page.mouse.move(card["x"] + 40, card["y"] + 30)
    page.mouse.down()
    page.mouse.move(card["x"] + 60, card["y"] + 40, steps=4)
    # Columns make room while something is dragged.
    page.wait_for_selector(".columns[data-dragging]")
    box = page.locator(f"#column-{column}").bounding_box()
    for way in (0.4, 0.5):
        page.mouse.move(box["x"] + box["width"] * way, box["y"] + 240, steps=6)
        page.wait_for_timeout(50)
    page.mouse.up()


def card(page, column, ref):
    return page.locator(f"#column-{column} .card#{ref}")


def test_what_is_dragged_moves_or_goes_back_with_the_reason(page, open_page):
    drag(page, "T-1", "blocked")
    expect(page.locator("#refusal")).to_contain_text("T-1 cannot go from Ready to Blocked")
    expect(card(page, "ready", "T-1")).to_be_visible()
    assert Task.objects.get(pk=1).status == "todo"

    drag(page, "T-1", "doing")
    expect(card(page, "doing", "T-1")).to_contain_text("olga")
    task = Task.objects.select_related("assignee").get(pk=1)
    assert (task.status, task.assignee.name, task.assignee.kind) == ("doing", "olga", "human")

    page.wait_for_timeout(300)
    drag(page, "T-2", "doing")
    expect(page.locator("#refusal")).to_contain_text("olga holds T-1 and its WIP limit is 1.")
    expect(card(page, "ready", "T-2")).to_be_visible()
    assert Task.objects.get(pk=2).status == "todo"
    # The browser tells of every answer that is a refusal.
    assert len(open_page.wrong) == 1
    open_page.wrong.clear()


def test_a_move_that_needs_words_opens_the_form_that_asks_for_them(page):
    drag(page, "T-3", "ready")

    expect(card(page, "doing", "T-3")).to_be_visible()
    page.get_by_label("Reason").fill("ada is needed elsewhere")
    page.get_by_role("button", name="Release").last.click()
    expect(card(page, "ready", "T-3")).to_be_visible()
    assert Task.objects.get(pk=3).assignee is None


def test_a_panel_opens_by_key_with_an_address_and_gives_the_focus_back(page):
    page.locator("#T-1 .card-title").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#side")).to_contain_text("Task 1")
    page.wait_for_url("**/board/T-1")
    page.keyboard.press("Escape")
    expect(page.locator("#side")).not_to_be_visible()
    expect(page.locator("#T-1 .card-title")).to_be_focused()

    page.keyboard.press("m")
    expect(card(page, "doing", "T-1")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    page.go_back()
    expect(page.locator("#side")).not_to_be_visible()

    page.locator("#T-2 .card-title").click()
    expect(page.locator("#side")).to_contain_text("Task 2")
    page.reload()
    expect(page.get_by_role("heading", name="Task 2")).to_be_visible()
    expect(page.locator("#side")).to_have_count(0)
