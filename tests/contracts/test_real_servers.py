"""The servers that tests start are real ones, and none of them outlives the run that started it."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import real_server

pytestmark = pytest.mark.journey

# Keeps a server and waits; the line it prints is the server's address.
KEEP_A_SERVER = """
import sys
from tests import real_server
with real_server.running(sys.argv[1]) as server:
    print(server.url, server.data_dir, flush=True)
    input()
"""


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def test_a_server_that_was_killed_starts_again_at_its_address(own_board):
    with real_server.running(own_board) as first:
        assert _answers(first.url)
        first.kill()
        assert not _answers(first.url)
    with real_server.running(own_board, port=urlsplit(first.url).port or 0) as second:
        assert second.url == first.url
        assert second.stop() == 0
        assert '"path": "/health"' in second.log()


def test_settings_reach_the_server_and_one_that_cannot_be_used_is_told():
    with (
        pytest.raises(AssertionError, match="AGENTBOARD_STALE_AFTER"),
        real_server.running("sqlite:///x", STALE_AFTER="x"),
    ):
        pass


def test_a_killed_run_leaves_no_server_behind(own_board):
    with subprocess.Popen(
        [sys.executable, "-c", KEEP_A_SERVER, own_board],
        cwd=real_server.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as keeper:
        assert keeper.stdout
        url, data_dir = keeper.stdout.readline().split()
        assert _answers(url)
        keeper.kill()
    deadline = time.monotonic() + real_server.STOPS_WITHIN
    while _answers(url) or Path(data_dir).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
