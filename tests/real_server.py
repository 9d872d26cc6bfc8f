"""Real web processes for tests: `agentboard web` on a free port, for any database, as many at once as the test wants.

`running()` starts one and hands out its address. This file is also what runs in that process: it serves, and ends when
the pipe to whoever asked for it closes, so that a killed test run leaves no server behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 30  # seconds
STOPS_WITHIN = 15  # seconds; the server gives itself 10
_LOG = "log"


class RealServer:
    """A web process: `url` is its address without a slash at the end, `process` its Popen, to be killed at will, and
    `data_dir` a directory of its own that goes with it."""

    def __init__(self, process: subprocess.Popen[bytes], data_dir: Path) -> None:
        self.process = process
        self.data_dir = data_dir
        self.url = self._listens()

    def log(self) -> str:
        """What it has written to standard error so far: a line of JSON for each request."""
        return (self.data_dir / _LOG).read_text(errors="replace")

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self.process.kill()
        self.process.wait(STOPS_WITHIN)

    def stop(self) -> int:
        """SIGTERM, as an operator would; gives the exit code. Kills it, and fails, if that takes too long."""
        self.process.terminate()
        try:
            return self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def _listens(self) -> str:
        """The address that it says it listens on, once its health call answers there."""
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.log().splitlines():
                with contextlib.suppress(ValueError):
                    said = json.loads(line)
                    if said.get("event") == "listening" and _is_healthy(said["url"]):
                        return str(said["url"])
            time.sleep(0.05)
        self.process.kill()
        self.process.wait(STOPS_WITHIN)
        raise AssertionError(f"the server did not start:\n{self.log()[-2000:]}")


@contextlib.contextmanager
def running(database_url: str, *, port: int = 0, **settings: str) -> Iterator[RealServer]:
    """Keep a web process on the database (migrated already) while the block runs.

    `port` 0 takes a free one; give an earlier one's port to start again at its address. `settings` are AGENTBOARD_
    variables without their prefix: `running(url, STALE_AFTER="2s")`. Ends the process if the block has not.
    """
    with tempfile.TemporaryDirectory(prefix="agentboard-server-") as directory:
        with Path(directory, _LOG).open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.real_server"],
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=stream,
                cwd=ROOT,
                env=_environment(DATABASE_URL=database_url, DATA_DIR=directory, PORT=str(port), **settings),
            )
        assert process.stdin
        with process.stdin:
            server = RealServer(process, Path(directory))
            try:
                yield server
            finally:
                if process.poll() is None:
                    server.stop()


def _environment(**settings: str) -> dict[str, str]:
    """The caller's environment with these AGENTBOARD_ variables and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AGENTBOARD_")}
    return others | {f"AGENTBOARD_{name}": value for name, value in settings.items()}


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


# From here on: the web process.


def serve() -> int:
    """Serve as the environment says until SIGTERM, or until standard input ends."""
    from agentboard import env
    from agentboard.serve import server

    threading.Thread(target=_end_with_the_pipe, daemon=True).start()
    return server.run(env.load(os.environ, base=ROOT))


def _end_with_the_pipe() -> None:
    # Not through sys.stdin, whose lock a daemon thread would still hold when Python ends.
    os.read(0, 1)
    shutil.rmtree(os.environ["AGENTBOARD_DATA_DIR"], ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(serve())
