"""Real servers for the tests of this room: in a thread, where the test can see inside, or as a process."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from agentboard.serve import listening
from agentboard.serve.application import Application
from agentboard.serve.server import Server
from tests.agentboard.serve import callers

ROOT = Path(__file__).parents[3]


class Serving:
    """A server in a thread of this process."""

    def __init__(self, application: Application) -> None:
        sockets = listening.listen("127.0.0.1", 0)
        self.port: int = sockets[0].getsockname()[1]
        self._server = Server(application)
        self._thread = threading.Thread(target=self._server.run, args=(sockets,), name="server-under-test")
        self._thread.start()
        callers.eventually(lambda: self._server.started)

    def stop(self) -> None:
        self._server.handle_exit(signal.SIGTERM, None)
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture(scope="module")
def behind() -> Iterator[Callable[[WSGIApplication], int]]:
    """One server for a module's tests: `behind(app)` puts `app` behind it, and gives its port."""
    current: list[WSGIApplication] = []

    def board(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return current[-1](environ, start_response)

    def put(app: WSGIApplication) -> int:
        current.append(app)
        return serving.port

    with _servers() as serve:
        serving = serve(board)
        yield put


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    """Starts servers of a test's own: `serve(app, max_parked=3).port`."""
    with _servers() as serve:
        yield serve


@contextlib.contextmanager
def _servers() -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def serve(board: WSGIApplication, **how: Any) -> Serving:
        how.setdefault("find_wakeable", getattr(board, "find_wakeable", lambda tickets: []))
        how.setdefault("on_idle", lambda: None)
        started.append(Serving(Application(board, **how)))
        return started[-1]

    yield serve
    for serving in started:
        serving.stop()


class Process:
    """A process with its standard error read line by line as it comes."""

    def __init__(self, argv: Sequence[str]) -> None:
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.popen = subprocess.Popen(
            argv, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, cwd=ROOT, env=environ
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def logged(self, **fields: object) -> dict[str, Any]:
        """The first line of JSON with these fields, waited for."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            lines = [json.loads(line) for line in list(self.lines) if line.startswith("{")]
            found.extend(line for line in lines if fields.items() <= line.items())
            return bool(found)

        callers.eventually(look, within=15)
        return found[0]

    def port(self) -> int:
        return int(self.logged(event="listening")["url"].rpartition(":")[2])

    def end(self) -> int:
        """Wait for its end; its exit code."""
        code = self.popen.wait(15)
        self._reader.join(15)
        return code

    def _read(self) -> None:
        assert self.popen.stderr is not None
        with self.popen.stderr as stream:
            self.lines.extend(iter(stream.readline, ""))


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    """Starts Python processes, `start("-m", "module")`, and ends those that a test leaves running."""
    with _processes() as start:
        yield start


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Process]:
    """One stand-in for the board, in a process of its own, for a module's tests."""
    with _processes() as start:
        yield start("-m", "tests.agentboard.serve.stand_in", "0")


@contextlib.contextmanager
def _processes() -> Iterator[Callable[..., Process]]:
    with contextlib.ExitStack() as started:

        def start(*arguments: str) -> Process:
            process = Process([sys.executable, *arguments])
            started.callback(process.end)
            started.callback(process.popen.terminate)
            return process

        yield start
