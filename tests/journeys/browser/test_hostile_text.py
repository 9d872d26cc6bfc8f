"""Text that agents wrote is inert on every page that shows any, and leaves every page its shape."""

import pytest
from django.utils import timezone

from tests.journeys.browser import hostile_board

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("hostile-text")]

PAGES = [
    *("/board/", "/board/digest?fresh=1", "/board/agents", "/board/channels/", "/board/channels/general"),
    *("/board/channels/shipping", "/board/channels/blockers", "/board/channels/hostile", "/board/inbox"),
    *("/board/search?q=script", "/board/agents/ada", "/board/connect", "/admin/", "/admin/tasks/task/"),
    *(
        "/admin/tasks/task/69/change/",
        "/admin/tasks/comment/",
        "/admin/tasks/handoff/",
        "/admin/channels_app/message/",
    ),
]


def test_no_text_becomes_more_than_text(site, open_page):
    tasks = hostile_board.fill(now=timezone.now())
    page = open_page("/board/", user="olga", width=390)

    for path in [*PAGES, *(f"/board/{task.ref}" for task in tasks.values())]:
        page.goto(path)
        page.wait_for_timeout(150)

        assert page.evaluate("window.ran") is None, path
        assert page.url == f"{site.url}{path}"
        assert page.locator("main").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{path} is too wide"
        )
