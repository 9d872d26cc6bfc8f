"""The web process: one uvicorn server in front of the board, from the first socket to the last answer."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import uvicorn

from agentboard import loading
from agentboard.env import Env
from agentboard.serve import exposure, listening
from agentboard.serve.application import Application
from agentboard.serve.protocol import HttpProtocol
from agentboard.serve.request_log import RequestLog

KEEP_ALIVE_SECONDS = 65
# Told to stop, a process answers what it has begun within the first, and is gone within the second.
FINISH_SECONDS = 7
GONE_SECONDS = 8.0

CANNOT_LISTEN = 1
MISCONFIGURED = 2


def run(env: Env) -> int:
    """Serve the board as `env` says until SIGTERM or SIGINT; the answer is the exit code."""
    return serve(_load_board, host=env.host, port=env.port, auth=env.auth)


def serve(load: Callable[[], Application], *, host: str, port: int, auth: str) -> int:
    """Serve what `load` returns until SIGTERM or SIGINT, and return the exit code.

    0: ended as told, with nothing cut off that took less than FINISH_SECONDS. CANNOT_LISTEN and MISCONFIGURED: never
    began, and standard error has one sentence saying why. Needs the main thread, for its signals.
    """
    try:
        exposure.refuse_exposure(host, auth)
        sockets = listening.listen(host, port)
    except exposure.Exposed as refused:
        return _give_up(str(refused), MISCONFIGURED)
    except listening.CannotListen as failed:
        return _give_up(str(failed), CANNOT_LISTEN)
    listening.allow_many_connections()
    with loading.kept():
        application = load()
    Server(application, on_exit=_be_gone_soon).run(sockets)
    return 0


class Server(uvicorn.Server):
    """uvicorn's server, which on a signal ends the calls that wait before it begins to wait for them."""

    def __init__(self, application: Application, *, on_exit: Callable[[], None] = lambda: None) -> None:
        super().__init__(configuration(application))
        self._application = application
        self._on_exit = on_exit
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if sockets:
            _log("listening", url=listening.url(sockets))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not the inherited one: it raises the signal again in the end, and the process would die of it.
        if self.should_exit:
            self.force_exit = True
            return
        self.should_exit = True
        self._on_exit()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._application.end_waiting)


def configuration(application: Application) -> uvicorn.Config:
    """How uvicorn is set up here. No forwarded header is believed, and uvicorn itself logs only what goes wrong."""
    return uvicorn.Config(
        RequestLog(application),
        loop="uvloop",
        http=HttpProtocol,
        ws="none",
        interface="asgi3",
        lifespan="on",
        backlog=listening.BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=FINISH_SECONDS,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
    )


def _load_board() -> Application:
    # Late, because it sets up Django: a port in use is said at once, and `agentboard web --help` needs no database.
    from agentboard import asgi

    return asgi.application


def _be_gone_soon() -> None:
    """A thread that hangs in the board would keep the process for ever, as Python joins its threads at the end."""

    def leave() -> None:
        _log("cut off", seconds=GONE_SECONDS)
        os._exit(1)

    timer = threading.Timer(GONE_SECONDS, leave)
    timer.daemon = True
    timer.start()


def _give_up(sentence: str, code: int) -> int:
    print(f"agentboard: {sentence}", file=sys.stderr)
    return code


def _log(event: str, **fields: object) -> None:
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    sys.stderr.write(json.dumps({"time": time, "event": event, **fields}) + "\n")
