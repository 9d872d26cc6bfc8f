"""A real Chromium for tests: the one that is installed, driven by Playwright, never a download of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these a browser calls its maker at every start; tests stay on this machine.
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)


def path() -> str:
    """Where Chromium is. Skips the test and says so if there is none; in CI that is a failure."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    missing = f"no browser: none of {', '.join(NAMES)} is on the PATH, so what people see was NOT tested"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@contextlib.contextmanager
def started() -> Iterator[Browser]:
    """A headless Chromium while the block runs.

    Playwright keeps an event loop in this thread for as long, so Django takes every query here for one of a coroutine:
    it is told that this is a test.
    """
    executable = path()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            yield playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
