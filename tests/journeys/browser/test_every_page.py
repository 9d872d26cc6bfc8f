"""What every page is: without a finding of axe in either theme, without an error, without a call to another host."""

import pytest
from django.utils import timezone

from agentboard.demo import seeding, story

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("every-page")]

PAGES = [
    *("/board/", "/board/new", "/board/T-68", "/board/T-55", "/board/T-43", "/board/digest", "/board/agents"),
    *("/board/agents/link", "/board/agents/olga", "/board/T-68?do=cancel", "/board/digest?fresh=1"),
    *("/board/channels/", "/board/channels/reviews", "/board/inbox", "/board/search", "/board/search?q=olga"),
    *("/board/connect", "/board/sign-in"),
    *(
        "/board/connect",
        "/docs",
        "/admin/",
        "/admin/tasks/task/",
        "/admin/tasks/agent/",
    ),
]


@pytest.mark.parametrize(
    ("width", "dark"), [(1440, False), (390, True)], ids=["wide and light", "narrow and dark"]
)
def test_axe_finds_nothing(open_page, accessible, own_board, width, dark):
    seeding.play(story.load(), now=timezone.now())
    page = open_page(PAGES[0], user="olga", width=width, dark=dark)
    found = []
    for path in PAGES:
        page.goto(path)
        found += [f"{path}: {finding}" for finding in accessible(page)]
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found.append(f"{path} is wider than the window")

    assert found == []


def test_a_script_in_a_page_does_not_run(open_page):
    page = open_page("/board/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')"
    )
    page.wait_for_timeout(100)

    assert page.evaluate("window.ran") is None
    # Both the picture that is not there and the refused handler are the test's own doing.
    open_page.wrong.clear()


def test_the_theme_is_kept(open_page):
    page = open_page("/board/")
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"
