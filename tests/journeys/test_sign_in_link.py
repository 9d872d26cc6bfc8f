"""A person comes to a fresh board by the link that it prints, and back by one of `agentboard sign-in`."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.agentboard.cli import operating

pytestmark = [pytest.mark.journey, pytest.mark.once]
_LINK = re.compile(rb"http://\S+/board/sign-in/(\S+)")


class Visitor:
    """A browser without a screen: keeps cookies, follows where it is led, and sends forms as they come."""

    def __init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def open(self, url: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address in the end, and page."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(url, data, timeout=20) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.url, refused.read().decode()

    def press(self, url: str) -> tuple[int, str, str]:
        """Open a page and press the button of its form."""
        page = self.open(url)[2]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        return self.open(url, {"csrfmiddlewaretoken": token[1] if token else ""})


def test_the_printed_link_signs_in_once_and_is_not_in_the_log(data_dir: Path):
    port = operating.free_port()
    with operating.running("up", DATA_DIR=data_dir, PORT=port) as process:
        assert process.stdout
        found = [_LINK.search(process.stdout.readline()) for _ in range(2)][1]
        assert found
        link, secret = found[0].decode(), found[1].decode()
        assert operating.healthy(port)

        status, where, page = Visitor().press(link)
        assert (status, where) == (200, f"http://127.0.0.1:{port}/board/")
        assert "Signed in as" in page
        assert Visitor().open(link)[0] == 409

        another = operating.run("sign-in", DATA_DIR=data_dir, PORT=port)
        assert another.code == 0
        admin = Visitor()
        assert admin.press(another.out.split()[-1])[0] == 200
        assert admin.open(f"http://127.0.0.1:{port}/admin/")[1].endswith("/admin/")
        wrong = operating.run("sign-in", "--user", "nobody-here", DATA_DIR=data_dir, PORT=port)
        assert (wrong.code, wrong.out) == (3, "")
        assert "No account is called nobody-here" in wrong.err
        ran = operating.end(process)
    assert '"path": "/board/sign-in/' in ran.err
    assert secret not in ran.err
