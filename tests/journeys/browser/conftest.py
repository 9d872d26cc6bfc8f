"""A browser, a real server and pages that tell when something is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page

from tasks.domain import agents, authoring, claims
from tasks.models import Task
from tests import chromium, real_server
from tests.real_server import RealServer

SECRET = "a-secret-of-the-tests-that-is-long-enough-for-nobody-to-complain"
AXE = Path(__file__).resolve().parents[2] / "vendor" / "axe-core-4.14.1" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the file."""
    with chromium.started() as started:
        yield started


@pytest.fixture
def site(own_board: str) -> Iterator[RealServer]:
    """A real server on the test's own board; what the test does through the domain is on that board too."""
    with real_server.running(own_board, SECRET_KEY=SECRET) as server:
        yield server


@pytest.fixture
def open_page(browser: Browser, site: RealServer) -> Iterator[Callable[..., Page]]:
    """Open an address of the site: `open_page("/board/", user="olga", width=390, dark=True)`.

    `user` is signed in. At the end of the test every page must have run without an error in its console and without a
    request to any other host.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(path: str, *, user: str = "", width: int = 1440, dark: bool = False, **more: object) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        if user:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session(user), "url": site.url}]
            )
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on(
            "console",
            lambda message: wrong.append(f"{page.url}: {message.text}") if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("request", lambda request: None if _is_own(request.url, site) else wrong.append(request.url))
        page.goto(path)
        return page

    opened.wrong = wrong  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def session(username: str) -> str:
    """The key of a session in which the user is signed in; makes the user, who is staff, at first."""
    user, _ = get_user_model().objects.get_or_create(
        username=username, defaults={"is_staff": True, "is_superuser": True}
    )
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    before, settings.SECRET_KEY = settings.SECRET_KEY, SECRET
    try:
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
    finally:
        settings.SECRET_KEY = before
    return str(store.session_key)


@pytest.fixture
def tasks(own_board: str) -> list[Task]:
    """T-1 and T-2 are ready, ada holds T-3."""
    now = datetime.now(UTC)
    ada = agents.register("ada", now=now, last_seen_at=now)
    drafts = [authoring.Draft(title=f"Task {n}", done_criteria=["It works"]) for n in (1, 2, 3)]
    written = authoring.write(drafts, by=ada, now=now).tasks
    claims.claim(written[2], by=ada, now=now)
    return written


@pytest.fixture
def accessible() -> Callable[[Page], list[str]]:
    """What axe finds on a page, a line each: `assert accessible(page) == []`."""

    def found(page: Page) -> list[str]:
        # Through the protocol, which the page's own policy does not bind.
        page.evaluate(AXE.read_text())
        # Without its own copies of the style sheets, which it makes inline, where the policy refuses them.
        result = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return found


def _is_own(url: str, site: RealServer) -> bool:
    return url.startswith((site.url, "data:", "blob:", "about:"))
