"""Streams: answers that stay open and go on as things happen, until the reader goes or the server ends.

The board asks for it with the private header `X-Agentboard-Stream: PLACE;TAGS;TAGS` on an answer that holds the
beginning of a stream: PLACE is what the reader has reached with it, TAGS, with commas, say what it wants (see
`Listener`). While the reader is further back than the feed remembers, the same request runs again with
`agentboard.after` set to its place, which gives it the next page at the pace at which it reads. Then it listens to the
feed. A thousand who listen cost a thousand sockets and one thread.

Whoever listens was let in when it came. Every ASK_AGAIN_SECONDS the request runs again, so that a stream ends with the
session or the token that began it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable

from agentboard.serve import answers
from agentboard.serve.answers import Answer, Rerun
from agentboard.serve.feed import Feed, Frame, Source
from agentboard.serve.listener import Listener, Stalled

AFTER = "agentboard.after"
MAX_LISTENERS = 5000
# The feed outlives the last listener by this much: readers come back at once after they were cut off.
LINGER_SECONDS = 5.0
ASK_AGAIN_SECONDS = 60.0
# Pages are read a few at a time: those who catch up must not queue up in front of everybody else.
TURNS = 2

_ORDER = re.compile(r"(\d{1,19})((?:;[A-Za-z0-9_.:,-]+)*)")

logger = logging.getLogger(__name__)


class Streams:
    """The open streams of one process, at most `limit`; whoever comes after that gets the beginning and comes again."""

    def __init__(self, source: Source, *, limit: int = MAX_LISTENERS) -> None:
        self._source = source
        self._limit = limit
        self._open: set[Listener] = set()
        self._listening: set[Listener] = set()
        self._feed: Feed | None = None
        self._turns = asyncio.Semaphore(TURNS)
        self._ended = False

    async def serve(
        self, begun: Answer, *, rerun: Rerun, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Send the answer the board has `begun`, and go on with it."""
        order = _ORDER.fullmatch(begun.stream or "")
        if order is None:
            logger.error("The board asked for a stream with %r, which is not PLACE;TAGS", begun.stream)
        if order is None or self._ended or len(self._open) >= self._limit:
            await answers.send(begun, to=send)
            return
        wants = [frozenset(group.split(",")) for group in order[2].split(";")[1:]]
        listener = Listener(int(order[1]), wants, send)
        self._open.add(listener)
        listening = asyncio.create_task(listener.listen(receive))
        try:
            headers = [header for header in begun.headers if header[0] != b"content-length"]
            await send(answers.start(begun.status, headers))
            await listener.send(begun.body)
            await self._go_on(listener, rerun)
            await send(answers.part(b"", more=False))
        except Stalled:
            # Not ended as it should be, so that its connection is closed.
            pass
        finally:
            listening.cancel()
            self._open.discard(listener)

    def end(self) -> None:
        """End all streams, and keep none open from now on. Readers come back, to whoever serves then."""
        self._ended = True
        self._stop_feed()
        for listener in self._open:
            listener.end()

    async def _go_on(self, listener: Listener, rerun: Rerun) -> None:
        """Catch up and listen, in turns, until the listener is done or the board has another answer for it."""
        while not listener.done:
            if listener.asks_again or (self._feed is not None and listener.place < self._feed.base):
                if not await self._next_page(listener, rerun):
                    return
            else:
                await self._listen(listener)

    async def _next_page(self, listener: Listener, rerun: Rerun) -> bool:
        async with self._turns:
            answer = await rerun({AFTER: listener.place}, lambda: not listener.done)
        order = _ORDER.fullmatch(answer.stream or "") if answer else None
        if answer is None or order is None:
            return False
        listener.asks_again = False
        if answer.body:
            await listener.send(answer.body)
        listener.place = int(order[1])
        return True

    async def _listen(self, listener: Listener) -> None:
        if self._feed is None:
            self._feed = Feed(self._source, self._publish, after=listener.place)
        self._listening.add(listener)
        listener.behind = False
        if missed := self._feed.after(listener.place):
            listener.offer(missed, b"".join(frame.data for frame in missed))
        asking = asyncio.get_running_loop().call_later(ASK_AGAIN_SECONDS, listener.ask_again)
        try:
            await listener.relay()
        finally:
            asking.cancel()
            self._listening.discard(listener)
            if not self._listening:
                asyncio.get_running_loop().call_later(LINGER_SECONDS, self._rest)

    def _publish(self, frames: Sequence[Frame]) -> None:
        joined = b"".join(frame.data for frame in frames)
        for listener in self._listening:
            listener.offer(frames, joined)

    def _rest(self) -> None:
        if not self._listening:
            self._stop_feed()

    def _stop_feed(self) -> None:
        if self._feed is not None:
            self._feed.stop()
            self._feed = None
