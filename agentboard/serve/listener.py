"""A listener: one open stream, from the place it has reached, with what waits to be sent to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable

from agentboard.serve import answers
from agentboard.serve.feed import Frame

# Sent when nothing else was for so long, so that neither proxies nor the reader take the stream for dead. A comment
# without an empty line behind it: some readers would take that for an event.
HEARTBEAT_SECONDS = 15.0
HEARTBEAT = b":\n"
# What may wait for one listener. One that reads more slowly goes back to reading pages, at its own pace.
MAX_PENDING = 512 * 1024
# How long a listener may read nothing before its connection is given up.
STALL_SECONDS = 30.0


class Stalled(Exception):
    """The listener reads nothing, and is given up."""


class Listener:
    """Lives on the event loop. `wants`: a frame for this listener has one of the tags of each group."""

    def __init__(self, place: int, wants: Iterable[frozenset[str]], send: ASGISendCallable) -> None:
        self.place = place
        self.wants = tuple(wants)
        self.behind = False
        self.done = False
        self.asks_again = False
        self._send = send
        self._pending: list[bytes] = []
        self._size = 0
        self._wake: asyncio.Future[None] | None = None

    def offer(self, frames: Sequence[Frame], joined: bytes) -> None:
        """Take from `frames` what is new and wanted; `joined` is the data of all of them."""
        if self.behind:
            return
        if self._size > MAX_PENDING:
            self.behind = True
        elif not self.wants and frames[0].place > self.place:
            self._add(joined)
            self.place = frames[-1].place
        elif frames[-1].place > self.place:
            new = (frame for frame in frames if frame.place > self.place)
            self._add(b"".join(frame.data for frame in new if self._wants(frame)))
            self.place = frames[-1].place

    def ask_again(self) -> None:
        """Let `relay` return once everything is sent: whether the reader may still listen is to be asked again."""
        self.asks_again = True
        self._rouse()

    def end(self) -> None:
        """Let `relay` return: the listener has gone, or the server ends."""
        self.done = True
        self._rouse()

    async def listen(self, receive: ASGIReceiveCallable) -> None:
        """Notice when the reader goes; ends only then."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.end()

    async def relay(self) -> None:
        """Send what is offered as it comes, until the listener is done or behind or asks again. Raises Stalled."""
        while not self.done:
            if not self._pending:
                if self.behind or self.asks_again:
                    return
                if await self._silence():
                    await self.send(HEARTBEAT)
            else:
                await self.send(b"".join(self._pending), taken=True)

    async def send(self, data: bytes, *, taken: bool = False) -> None:
        """Send this part of the stream; `taken`: it is all that was waiting. Raises Stalled."""
        if taken:
            self._pending, self._size = [], 0
        try:
            async with asyncio.timeout(STALL_SECONDS):
                await self._send(answers.part(data, more=True))
        except TimeoutError:
            raise Stalled from None

    def _wants(self, frame: Frame) -> bool:
        return all(not group.isdisjoint(frame.tags) for group in self.wants)

    def _add(self, data: bytes) -> None:
        if data:
            self._pending.append(data)
            self._size += len(data)
            self._rouse()

    async def _silence(self) -> bool:
        """Wait until something was added or the listener is done, or else (True) till a sign of life is due."""
        self._wake = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await self._wake
            return False
        except TimeoutError:
            return True
        finally:
            self._wake = None

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
