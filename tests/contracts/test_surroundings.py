"""What the suite leaves alone: the caller's settings before it, the machine after it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import postgres_server

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20  # seconds

# Holds a server and waits; the line it prints is the server's address.
HOLD_A_SERVER = """
from tests import postgres_server
with postgres_server.running() as url:
    print(url, flush=True)
    input()
"""


def test_no_setting_of_the_caller_reaches_a_test():
    ours = {"AGENTBOARD_DATA_DIR", "AGENTBOARD_DATABASE_URL"}

    assert {name for name in os.environ if name.startswith("AGENTBOARD_")} <= ours
    assert not Path(os.environ["AGENTBOARD_DATA_DIR"]).is_relative_to(ROOT)


@pytest.mark.xdist_group("together")
def test_what_belongs_together_goes_to_one_process(request):
    """pytest-xdist finds the group at the end of the name; a pytest that hides it costs minutes and says nothing."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ

    assert alone or request.node.nodeid.endswith("@together")


def test_a_killed_run_leaves_no_postgresql_behind():
    if not list(postgres_server.programs()):
        pytest.skip("no PostgreSQL programs are installed")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_SERVER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        url = holder.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row
        holder.kill()

    _eventually(lambda: not Path(row[0]).parent.exists())
    assert not _listens(urlsplit(url).port)


def _eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _listens(port: int | None) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
