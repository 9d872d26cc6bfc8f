"""`agentboard demo`: a living board of its own, and nothing left of it."""

import json
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.agentboard.cli import operating

pytestmark = pytest.mark.once


@pytest.mark.journey
def test_a_demo_heeds_no_board_of_the_environment_lives_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    port = operating.free_port()
    mine = f"sqlite:///{tmp_path}/mine.sqlite3"
    with operating.running("demo", PORT=port, DATABASE_URL=mine, STALE_AFTER="1s") as process:
        assert operating.healthy(port, within=150)
        assert not (tmp_path / "mine.sqlite3").exists()
        assert len(list(tmp_path.glob("agentboard-demo-*"))) == 1
        assert _read(port, "/tasks?status=validating")["tasks"]
        said = _said(process)
        assert f"The demo is on http://127.0.0.1:{port}. Ctrl-C stops it and throws the board away." in said
        link = re.search(r"Sign in as olga, once, within 30 minutes: (\S+)", said)
        assert link
        with urllib.request.urlopen(link[1], timeout=10) as page:
            assert "olga" in page.read().decode()
        before = _read(port, "/agents/sage")["last_seen"]
        _until(lambda: _read(port, "/agents/sage")["last_seen"] != before)
        ran = operating.end(process, signal.SIGINT)
    assert ran.code == 0
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_holds_something_and_a_port_in_use_are_refused_before_anything_is_made(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "board").touch()
    ran = operating.run("demo", "--keep", str(tmp_path / "full"), PORT=0)
    assert (ran.code, ran.out) == (3, "")
    assert "is not empty" in ran.err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = operating.run("demo", "--keep", str(tmp_path / "new"), PORT=port)
    assert (ran.code, ran.out) == (3, "")
    assert f"Port {port} of 127.0.0.1 is in use" in ran.err
    assert not Path(tmp_path / "new").exists()


def _read(port: int, path: str) -> dict[str, object]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        body: dict[str, object] = json.load(answer)
        return body


def _said(process: subprocess.Popen[bytes]) -> str:
    """What it has printed until it is served; the rest of it is left to be read at the end."""
    return b"".join(process.stdout.readline() for _ in range(3)).decode()


def _until(true) -> None:
    deadline = time.monotonic() + operating.WITHIN
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)
