"""The page of a task in a real browser: without a mouse, without JavaScript, and while others change the task."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tasks.domain import (
    agents,
    authoring,
    blocks,
    claims,
    comments,
    criteria,
    handoffs,
    people,
    sign_in,
    submissions,
)
from tasks.models import Agent, Comment, Review, Task
from tests.journeys.browser.conftest import session

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("task-page")]


@pytest.fixture
def olga(site):
    """The agent of the person who is signed in as olga."""
    session("olga")
    user = Agent._meta.get_field("user").related_model.objects.get(username="olga")
    return people.acting_as(user.pk, username="olga", now=timezone.now())


@pytest.fixture
def write(olga):
    def one(title="Fix login", **draft):
        draft.setdefault("done_criteria", ["It works", "A test shows it"])
        return authoring.write([authoring.Draft(title, **draft)], by=olga, now=timezone.now()).tasks[0]

    return one


def claim(task, name="ada"):
    agent, _ = agents.find_or_register(name, now=timezone.now())
    claims.claim(task, by=agent, now=timezone.now())
    return agent, Task.objects.get(pk=task.pk)


def hand_in(task):
    agent, task = claim(task)
    evidence = [(number, f"See `{number}`") for number in criteria.current(task)]
    handed_in = submissions.HandIn("It is done", evidence)
    submissions.submit(task, handed_in, by=agent, lease=task.lease_token, now=timezone.now())
    return task


def block(task):
    agent, task = claim(task)
    stop = blocks.Obstacle("No key", "A key from @olga")
    blocks.block(task, stop, by=agent, lease=task.lease_token, now=timezone.now())
    return task


def test_a_review_by_keyboard_only(open_page, write):
    task = hand_in(write(reviewer="olga"))
    page = open_page(f"/board/{task.ref}?do=review", user="olga")
    keys = page.keyboard

    expect(page.get_by_role("group", name="It works").get_by_label("Met", exact=True)).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.type("Tried it")
    expect(page.locator("[data-verdict]")).to_have_text("Not judged yet: 2.")
    keys.press("Tab")
    keys.press("ArrowRight")
    keys.press("Tab")
    keys.type("There is none")
    expect(page.locator("[data-verdict]")).to_have_text("This rejects it: 2 not met.")
    keys.press("Control+Enter")

    expect(page.locator(".state")).to_have_text("todo")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    review = Review.objects.get()
    assert (review.judgement, review.reviewer.name) == ("reject", "olga")
    assert list(review.verdicts.order_by("criterion").values_list("met", "note")) == [
        (True, "Tried it"),
        (False, "There is none"),
    ]


def test_a_task_is_written_down_by_keyboard_only(open_page, write):
    write()
    page = open_page("/board/new", user="olga")
    keys = page.keyboard

    keys.type("Mend the roof")
    for _ in range(2):
        keys.press("Tab")
    keys.type("It is dry")
    keys.press("Enter")
    keys.type("It stays dry")
    keys.press("Enter")
    keys.type("It looks well")
    page.get_by_role("button", name="Take row 2 out").press("Enter")
    expect(page.get_by_role("textbox", name="Done when 2")).to_be_focused()
    keys.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Mend the roof")
    task = Task.objects.get(title="Mend the roof")
    texts = [one.text for one in task.criteria.order_by("number")]
    assert texts == ["It is dry", "It looks well"]
    assert page.url.endswith(f"/board/{task.ref}")


def test_without_javascript(open_page, write):
    """A comment, an action found and done, and its refusal once somebody else was faster."""
    task = block(write())
    page = open_page(f"/board/{task.ref}", user="olga", java_script_enabled=False)
    page.get_by_label("Write to the log").fill("I **ask**")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".entry-text strong").first).to_have_text("ask")

    page.get_by_role("link", name="Unblock").click()
    page.get_by_label("Resolution").fill("Here it is")
    blocks.unblock(task, by=agents.find("ada"), resolution="Found one", now=timezone.now())
    page.get_by_role("button", name="Unblock").click()

    expect(page.get_by_role("alert")).to_contain_text(f"{task.ref} is todo, not blocked.")
    expect(page.get_by_label("Resolution")).to_have_value("Here it is")
    page.get_by_role("link", name="Leave it").click()
    expect(page.locator(".state")).to_have_text("todo")
    open_page.wrong.clear()  # The browser tells of the 409 that the test asked for.


def test_what_others_do_shows_and_what_is_typed_stays(open_page, write):
    task = block(write())
    page = open_page(f"/board/{task.ref}?do=unblock", user="olga")
    page.get_by_label("Write to the log").fill("Half a comm")
    page.get_by_label("Resolution").fill("Half a reso")
    blocks.unblock(task, by=agents.find("ada"), resolution="Found one", now=timezone.now())
    comments.write(task, by=agents.find("ada"), text="I go on", kind="note", lease=None, now=timezone.now())

    expect(page.locator(".state")).to_have_text("todo")
    expect(page.locator(".entry-text").first).to_have_text("I go on")
    expect(page.get_by_label("Write to the log")).to_have_value("Half a comm")
    expect(page.get_by_label("Resolution")).to_have_value("Half a reso")
    expect(page.get_by_label("Resolution")).to_be_focused()

    page.locator("#form-unblock").get_by_role("button", name="Unblock").click()
    expect(page.locator("#form-unblock").get_by_role("alert")).to_contain_text("not blocked")
    expect(page.get_by_label("Resolution")).to_have_value("Half a reso")
    expect(page.get_by_label("Write to the log")).to_have_value("Half a comm")
    page.get_by_label("Write to the log").fill("A whole comment")
    for unanswered in (lambda route: route.fulfill(status=503, body="{}"), lambda route: route.abort()):
        page.route("**/comment", unanswered)
        page.get_by_role("button", name="Comment").click()
        expect(page.locator("#refusal")).to_contain_text("The server does not answer.")
        expect(page.get_by_label("Write to the log")).to_have_value("A whole comment")
        page.get_by_role("button", name="Dismiss").click()
        page.unroute("**/comment")
    page.get_by_role("button", name="Comment").dblclick()
    expect(page.locator(".entry-text").first).to_have_text("A whole comment")
    expect(page.get_by_label("Write to the log")).to_have_value("")
    assert Comment.objects.filter(text="A whole comment").count() == 1
    open_page.wrong.clear()  # The browser tells of every answer that is none, or a refusal.


def test_who_is_signed_out_while_typing_signs_in_elsewhere_and_sends_it_as_it_stands(open_page, write):
    page = open_page(f"/board/{write().ref}", user="olga")
    page.get_by_label("Write to the log").fill("A long thought")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Comment").click()
    expect(page.locator("#refusal")).to_contain_text("You are not signed in any more")
    expect(page.get_by_label("Write to the log")).to_have_value("A long thought")

    other = page.context.new_page()
    other.goto(f"/board/sign-in/{sign_in.issue('olga', now=timezone.now()).secret}")
    other.locator("main form button").click()
    other.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#refusal")).to_contain_text("You are signed in again.")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".entry-text").first).to_have_text("A long thought")
    open_page.wrong.clear()  # The browser tells of the 401 that the test asked for.


def test_the_log_is_narrowed_and_older_entries_stay_while_others_write(open_page, write):
    task, ada = write(), agents.find_or_register("ada", now=timezone.now())[0]
    Comment.objects.bulk_create(
        [Comment(task=task, author=ada, text=f"note {n}.", created_at=timezone.now()) for n in range(40)]
    )
    comments.write(task, by=ada, text="It broke", kind="failed", lease=None, now=timezone.now())
    page = open_page(f"/board/{task.ref}", user="olga")
    expect(page.locator(".entry")).to_have_count(30)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".entry")).to_have_count(42)

    claim(task)
    expect(page.locator(".state")).to_have_text("doing")
    expect(page.locator(".entry")).to_have_count(42)
    page.get_by_role("link", name="failed", exact=True).click()
    expect(page.locator(".entry")).to_have_count(1)


def test_axe_finds_nothing_in_any_theme_at_any_width(open_page, accessible, write):
    doing = write(description="Some `code` and a [link](https://example.org)", labels=["ui"])
    agent, doing = claim(doing)
    comments.write(doing, by=agent, text="It broke", kind="failed", lease=None, now=timezone.now())
    comments.write(doing, by=agent, text="We wait", kind="decision", lease=None, now=timezone.now())
    words = handoffs.Words("Half", "- the rest", "The cache")
    handoffs.hand_off(doing, words, to=None, by=agent, lease=doing.lease_token, now=timezone.now())
    to_review, blocked = hand_in(write("W" * 290, reviewer="olga")), block(write())
    pages = [
        *(f"/board/{doing.ref}", f"/board/{doing.ref}?do=unblock", f"/board/{to_review.ref}"),
        *(f"/board/{blocked.ref}?do=unblock", "/board/new"),
    ]
    page = open_page("/board/", user="olga")
    for path in pages:
        page.goto(path)
        for width, theme in ((1440, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert accessible(page) == [], (path, width, theme)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
