"""What the system says about a web process, and the variant of one that a trap is measured with."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.real_server import ROOT, RealServer

_WITHOUT_WRITE_LOCK = """
import contextlib, sys
import agentboard.asgi
from tasks.domain import writers
from tests import real_server
writers.one_by_one = contextlib.nullcontext
sys.exit(real_server.serve())
"""


def port(server: RealServer) -> int:
    """Where it listens."""
    return urlsplit(server.url).port or 0


def memory(server: RealServer) -> tuple[float, float]:
    """Megabytes resident now, and at most so far."""
    facts = _facts(server)
    return facts["VmRSS"] / 1024, facts["VmHWM"] / 1024


def threads(server: RealServer) -> int:
    """How many threads it has."""
    return _facts(server)["Threads"]


def cpu_seconds(server: RealServer) -> float:
    """CPU time it has used."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def without_write_lock(url: str, directory: Path) -> Iterator[RealServer]:
    """A web process in which the writers of SQLite find their turn by its own waiting alone."""
    directory.mkdir()
    settings = {"DATABASE_URL": url, "DATA_DIR": str(directory), "PORT": "0"}
    with (directory / "log").open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", _WITHOUT_WRITE_LOCK],
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=stream,
            cwd=ROOT,
            env=os.environ | {f"AGENTBOARD_{name}": value for name, value in settings.items()},
        )
    assert process.stdin
    with process.stdin:
        server = RealServer(process, directory)
        try:
            yield server
        finally:
            server.stop()


def _facts(server: RealServer) -> dict[str, int]:
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    words = [line.split() for line in lines]
    return {one[0].rstrip(":"): int(one[1]) for one in words if one[1:2] and one[1].isdigit()}
