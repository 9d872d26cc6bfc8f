"""The pictures in the README, taken of the demo: `make screenshots` writes them to docs/images.

The demo stands still, on a free port and a board of its own. A picture too heavy for a README is an error.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState

from tests import chromium, small_png
from tests.agentboard.cli import operating

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
MADE_WITHIN = 180  # seconds, on a slow machine
HEAVIEST = 200_000  # bytes, of one picture
HEAVIEST_TOGETHER = 700_000  # bytes
_STORY = "Limit how often one address may try a card"


@dataclass(frozen=True)
class Picture:
    """What is taken: a page, or the task of that title, and how it is looked at."""

    name: str
    path: str = ""
    task: str = ""
    width: int = 1440
    height: int = 900
    dark: bool = False
    whole: bool = False


PICTURES = (
    Picture("board", "/board/"),
    Picture("board-dark", "/board/", dark=True),
    Picture("board-phone", "/board/", width=390, height=844),
    Picture("task", task=_STORY, height=1100),
    Picture("digest", "/board/digest", whole=True),
    Picture("channel", "/board/channels/incidents"),
)


def main() -> str | None:
    """Take all pictures. Gives what is wrong, or nothing."""
    if not any(map(shutil.which, chromium.NAMES)):
        return f"No browser: none of {', '.join(chromium.NAMES)} is on the PATH."
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="agentboard-screenshots-") as scratch:
        os.environ["TMPDIR"] = scratch
        port = operating.free_port()
        with operating.running("demo", "--still", PORT=port) as demo:
            if not operating.healthy(port, within=MADE_WITHIN):
                return f"The demo did not start:\n{operating.end(demo).err[-2000:]}"
            assert demo.stdout
            said = b"".join(demo.stdout.readline() for _ in range(3)).decode()
            link = re.search(r"http\S+/sign-in\S+", said)
            if not link:
                return f"The demo gave no link to sign in by:\n{said}"
            with chromium.started() as browser:
                _take(browser, f"http://127.0.0.1:{port}", link[0])
            operating.end(demo)
    return _too_heavy()


def _take(browser: Browser, url: str, link: str) -> None:
    session = _signed_in(browser, link)
    for picture in PICTURES:
        context = browser.new_context(
            base_url=url,
            storage_state=session,
            viewport={"width": picture.width, "height": picture.height},
            color_scheme="dark" if picture.dark else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(picture.path or _address(page, picture.task))
        # The stream of news keeps the network busy for good; what it shows first is there by then.
        page.wait_for_timeout(1500)
        file = IMAGES / f"{picture.name}.png"
        page.screenshot(path=file, animations="disabled", full_page=picture.whole)
        small_png.shrink(file)
        context.close()


def _signed_in(browser: Browser, link: str) -> StorageState:
    """The session of whoever follows the link and confirms it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/board/$"))
    return context.storage_state()


def _address(page: Page, title: str) -> str:
    found = page.request.get("/tasks", params={"q": title}).json()["tasks"]
    return f"/board/{found[0]['id']}"


def _too_heavy() -> str | None:
    sizes = {picture.name: (IMAGES / f"{picture.name}.png").stat().st_size for picture in PICTURES}
    for name, size in sizes.items():
        print(f"docs/images/{name}.png  {size / 1000:.0f} kB")
    heavy = [name for name, size in sizes.items() if size > HEAVIEST]
    if heavy or sum(sizes.values()) > HEAVIEST_TOGETHER:
        return f"Too heavy for a README: {', '.join(heavy) or 'all of them together'}."
    return None


if __name__ == "__main__":
    sys.exit(main())
