"""The ASGI application: the board behind the bridge, with a waiting room and streams, and the life span of all."""

from __future__ import annotations

from collections.abc import Callable
from wsgiref.types import WSGIApplication

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from agentboard.serve.bridge import Bridge
from agentboard.serve.feed import Source
from agentboard.serve.streams import MAX_LISTENERS, Streams
from agentboard.serve.waiting import MAX_PARKED, WaitingRoom
from agentboard.serve.watcher import FindWakeable


class Application:
    """Sends every request to `board`, a WSGI application; `find_wakeable` and `on_idle` are the watcher's, and `news`
    the feed's: without it there are no streams."""

    def __init__(
        self,
        board: WSGIApplication,
        *,
        find_wakeable: FindWakeable,
        on_idle: Callable[[], None],
        news: Source | None = None,
        max_parked: int = MAX_PARKED,
        max_listeners: int = MAX_LISTENERS,
    ) -> None:
        self._room = WaitingRoom(find_wakeable, on_idle=on_idle, limit=max_parked)
        self._streams = Streams(news, limit=max_listeners) if news else None
        self._bridge = Bridge(board, room=self._room, streams=self._streams)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            await self._bridge(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": None})

    def end_waiting(self) -> None:
        """Answer all parked calls and end all streams now. A server that is told to stop would wait for them."""
        self._room.end()
        if self._streams is not None:
            self._streams.end()

    async def _live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.end_waiting()
        self._bridge.close()
        await send({"type": "lifespan.shutdown.complete"})
