"""The operator's commands as processes of their own, with no AGENTBOARD_ setting but those a test gives."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WITHIN = 60  # seconds
_COMMAND = [sys.executable, "-P", "-m", "agentboard.cli.main"]


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: str, given: bytes = b"", **settings: object) -> Ran:
    """Run a command to its end: `run("export", DATA_DIR=tmp_path)`; `given` is its standard input."""
    done = subprocess.run(
        [*_COMMAND, *arguments],
        input=given,
        capture_output=True,
        env=environment(settings),
        timeout=WITHIN,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextlib.contextmanager
def running(*arguments: str, **settings: object) -> Iterator[subprocess.Popen[bytes]]:
    """A command that goes on while the block runs; what is left of it is killed afterwards."""
    with subprocess.Popen(
        [*_COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(settings)
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(15)
                process.kill()


def end(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> Ran:
    """Send a signal and wait for the end."""
    process.send_signal(number)
    out, err = process.communicate(timeout=WITHIN)
    return Ran(process.returncode, out.decode(), err.decode())


def environment(settings: dict[str, object]) -> dict[str, str]:
    """The caller's environment with these AGENTBOARD_ variables and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AGENTBOARD_")}
    return others | {f"AGENTBOARD_{name}": str(value) for name, value in settings.items()}


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int, *, within: float = WITHIN) -> bool:
    """Whether the board on the port answers before the time is up."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def children(process: subprocess.Popen[bytes], role: str = "") -> list[int]:
    """The processes that a process has started and that still run; those whose command line ends with `role`."""
    pids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in pids if _command_line(pid).endswith(role)]


def _command_line(pid: str) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0")
    return ""
