"""The ASGI application: the board behind the bridge, with a waiting room, and the life span of both."""

from __future__ import annotations

from collections.abc import Callable
from wsgiref.types import WSGIApplication

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from agentboard.serve.bridge import Bridge
from agentboard.serve.waiting import MAX_PARKED, WaitingRoom
from agentboard.serve.watcher import FindWakeable


class Application:
    """Sends every request to `board`, a WSGI application; `find_wakeable` and `on_idle` are the watcher's."""

    def __init__(
        self,
        board: WSGIApplication,
        *,
        find_wakeable: FindWakeable,
        on_idle: Callable[[], None],
        max_parked: int = MAX_PARKED,
    ) -> None:
        self._room = WaitingRoom(find_wakeable, on_idle=on_idle, limit=max_parked)
        self._bridge = Bridge(board, room=self._room)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            await self._bridge(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": None})

    def end_waiting(self) -> None:
        """Answer all parked calls now. A server that is told to stop calls this first: it would wait for them."""
        self._room.end()

    async def _live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._room.end()
        self._bridge.close()
        await send({"type": "lifespan.shutdown.complete"})
