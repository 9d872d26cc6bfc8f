"""Waiting callers: answers that are kept back until there is work, the time is up or the caller has gone.

The board asks for it with the private header `X-Agentboard-Park: SECONDS;TICKET` on an answer that says "nothing":
`SECONDS` is how long the caller is ready to wait, `TICKET` is opaque here and goes to the watcher, which says when it
may find work. Then the same request runs again, with `agentboard.retry` set in its environ, or `agentboard.last` when
the time is up. A thousand who wait cost a thousand sockets and one thread.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import re
from collections.abc import Callable

from asgiref.typing import ASGIReceiveCallable

from agentboard.serve.answers import Answer, Rerun
from agentboard.serve.watcher import FindWakeable, Place, Watcher

RETRY = "agentboard.retry"
LAST = "agentboard.last"
MAX_PARKED = 5000
MAX_SECONDS = 45.0
# Retries run a few at a time: a batch that wakes a thousand callers must not queue up in front of everybody else.
TURNS = 4

_ORDER = re.compile(r"(\d{1,4}(?:\.\d{1,6})?);([A-Za-z0-9_.~=-]*)")

logger = logging.getLogger(__name__)


class WaitingRoom:
    """Keeps callers of one process, at most `limit` of them; whoever comes after that is answered at once."""

    def __init__(
        self, find_wakeable: FindWakeable, *, on_idle: Callable[[], None], limit: int = MAX_PARKED
    ) -> None:
        self._watcher = Watcher(find_wakeable, on_idle)
        self._limit = limit
        self._parked: set[_Caller] = set()
        self._turns = asyncio.Semaphore(TURNS)
        self._ended = False

    async def hold(self, empty: Answer, *, rerun: Rerun, receive: ASGIReceiveCallable) -> Answer | None:
        """What to answer in the end to a caller whose `empty` answer asks to wait; None if nobody is there to read it.

        A caller that goes while it waits is never run again: it would be given a task nobody hears of.
        """
        order = _ORDER.fullmatch(empty.park or "")
        if order is None:
            logger.error("The board asked to wait with %r, which is not SECONDS;TICKET", empty.park)
        if order is None or self._ended or len(self._parked) >= self._limit:
            return empty
        caller = _Caller(min(float(order[1]), MAX_SECONDS), ticket=order[2])
        self._parked.add(caller)
        self._watcher.join(caller.place)
        listening = asyncio.create_task(caller.listen(receive))
        try:
            return await self._wait(caller, empty, rerun)
        finally:
            listening.cancel()
            self._watcher.leave(caller.place)
            self._parked.discard(caller)

    def end(self) -> None:
        """Answer all who wait with what they would have got without waiting, and keep nobody from now on."""
        self._ended = True
        self._watcher.stop()
        for caller in self._parked:
            caller.summon(_Why.ENDED)

    async def _wait(self, caller: _Caller, empty: Answer, rerun: Rerun) -> Answer | None:
        while True:
            why = await caller.summoned()
            if why is _Why.GONE:
                return None
            async with self._turns:
                if self._ended:
                    return empty
                answer = await rerun({LAST if why is _Why.TIME_UP else RETRY: True}, caller.is_here)
            if answer is None or not caller.is_here():
                return None
            order = _ORDER.fullmatch(answer.park or "")
            if why is _Why.TIME_UP or order is None:
                return answer
            empty, caller.place.ticket = answer, order[2]


class _Why(enum.Enum):
    """What ends a wait."""

    WORK = enum.auto()
    TIME_UP = enum.auto()
    GONE = enum.auto()
    ENDED = enum.auto()


class _Caller:
    """One who waits, until `seconds` from now. Lives on the event loop; only `place.wake` is called from outside."""

    def __init__(self, seconds: float, *, ticket: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + seconds
        self._summons: asyncio.Future[_Why] = self._loop.create_future()
        self._left = False
        self.place = Place(ticket, wake=self._wake)

    def is_here(self) -> bool:
        """Whether the caller still listens for its answer. May be asked from any thread."""
        return not self._left

    async def listen(self, receive: ASGIReceiveCallable) -> None:
        """Notice when the caller goes; ends only then."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._left = True
        self.summon(_Why.GONE)

    async def summoned(self) -> _Why:
        """Wait for the next summons. Until then, and only until then, the watcher may offer this caller's ticket."""
        timer = self._loop.call_at(self._until, self.summon, _Why.TIME_UP)
        self.place.offered = True
        try:
            why = await self._summons
        finally:
            timer.cancel()
            self.place.offered = False
        self._summons = self._loop.create_future()
        return why if self.is_here() else _Why.GONE

    def summon(self, why: _Why) -> None:
        """End the wait. A caller that has been summoned already does not hear it."""
        if not self._summons.done():
            self._summons.set_result(why)

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self.summon, _Why.WORK)
