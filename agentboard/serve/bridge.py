"""ASGI in front, WSGI behind: runs a synchronous application on a fixed pool of threads.

Django's own ASGI handler costs several times the CPU of its WSGI handler, and adapters that read the body or
send the answer piece by piece cross between threads several times a request. Here a request crosses twice: whole
body in, whole answer out.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from wsgiref.types import WSGIApplication

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, HTTPScope

from agentboard.serve import answers, bodies, calls, environ
from agentboard.serve.answers import Answer
from agentboard.serve.streams import Streams
from agentboard.serve.waiting import WaitingRoom

THREADS = 8
# How long a reader of a long answer may stall before its connection is given up: it holds one of few threads.
STALL_SECONDS = 30.0

logger = logging.getLogger(__name__)


class Bridge:
    """An ASGI application for `http` scopes that answers with what `app` answers.

    With a `room`, answers that ask for it are kept back there until the board has something better to say; with
    `streams`, those that ask for that stay open, and go on as things happen.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        room: WaitingRoom | None = None,
        streams: Streams | None = None,
        threads: int = THREADS,
    ) -> None:
        self._app = app
        self._room = room
        self._streams = streams
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="board")

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        try:
            body = await bodies.read(scope, receive)
        except bodies.TooLarge:
            await bodies.refuse(receive, send)
            return
        except bodies.Gone:
            return
        run = functools.partial(self._run, scope, body, send)
        answer = await run()
        if self._room is not None and answer is not None and answer.park is not None:
            answer = await self._room.hold(answer, rerun=run, receive=receive)
        if answer is None:
            return
        if self._streams is not None and answer.stream is not None:
            await self._streams.serve(answer, rerun=run, receive=receive, send=send)
        else:
            await answers.send(answer, to=send)

    def close(self) -> None:
        """Take no more requests; threads end as soon as what they run is done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(
        self,
        scope: HTTPScope,
        body: bytes,
        send: ASGISendCallable,
        told: Mapping[str, object] = MappingProxyType({}),
        wanted: Callable[[], bool] | None = None,
    ) -> Answer | None:
        """Run the request on the pool; None when there is nothing (more) to send.

        `told` is added to the environ. If `wanted` says no when a thread gets to it, nothing is run.
        """
        loop = asyncio.get_running_loop()

        def forward(event: ASGISendEvent) -> None:
            sending = asyncio.run_coroutine_threadsafe(_send(send, event), loop)
            try:
                sending.result(STALL_SECONDS)
            finally:
                sending.cancel()

        def work() -> Answer | None:
            if wanted is not None and not wanted():
                return None
            return self._answer(scope, body, told, forward)

        return await loop.run_in_executor(self._pool, work)

    def _answer(
        self, scope: HTTPScope, body: bytes, told: Mapping[str, object], forward: calls.Forward
    ) -> Answer | None:
        try:
            return calls.call(self._app, {**environ.build(scope, body), **told}, forward)
        except calls.CutShort:
            raise
        except BaseException:  # SystemExit too: a view must not be able to end the server.
            logger.exception("%s %s failed", scope["method"], scope["path"])
            return answers.problem(
                500,
                "internal",
                title="Internal error",
                detail="The board failed while it worked on this request.",
                fix="Try again; if it fails again, tell whoever runs the board the X-Request-ID of this answer.",
            )


async def _send(send: ASGISendCallable, event: ASGISendEvent) -> None:
    await send(event)
