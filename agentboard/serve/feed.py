"""The feed: one thread that finds out what is new, for all who listen; each thing is encoded once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

EVERY_SECONDS = 0.1
# When a look does not show all there is, the next one comes this soon: time for the listeners to be told.
NEXT_SECONDS = 0.02
# After n failures in a row the next look comes 2**n times later than usual, up to this n: 6.4 s.
MAX_DOUBLINGS = 6
# How many frames are kept for those who come, or come back, a little late.
KEPT = 1000

logger = logging.getLogger(__name__)


class Frame(NamedTuple):
    """Something new: its place in the order of all frames, what it can be wanted for, and the bytes that are sent."""

    place: int
    tags: tuple[str, ...]
    data: bytes


class Seen(NamedTuple):
    """What a look showed, in order, and whether there is more after it."""

    frames: Sequence[Frame]
    more: bool


Look = Callable[[int], Seen]


@dataclass(frozen=True)
class Source:
    """Where news comes from. `look(place)` gives what comes after a place; it runs on the feed's thread, as does
    `on_idle`, which gives back what that thread holds (its database connection) at its end and after every failure."""

    look: Look
    on_idle: Callable[[], None]


class Feed:
    """News from `after` on, told to `publish` on the event loop that made it, until it is stopped.

    Holds the newest frames: all there are after `base`.
    """

    def __init__(self, source: Source, publish: Callable[[Sequence[Frame]], None], *, after: int) -> None:
        self._source = source
        self._publish = publish
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        self._kept: deque[Frame] = deque(maxlen=KEPT)
        self.base = after
        threading.Thread(target=self._run, args=(after,), name="board-feed", daemon=True).start()

    def after(self, place: int) -> list[Frame]:
        """What is kept of what came after `place`, which must not be before `base`."""
        return [frame for frame in self._kept if frame.place > place]

    def stop(self) -> None:
        """End the thread, without waiting for it; nothing is told any more."""
        self._stopped.set()

    def _run(self, place: int) -> None:
        failures, pause = 0, 0.0
        while not self._stopped.wait(pause):
            try:
                seen = self._source.look(place)
            except Exception:
                if not failures:
                    logger.exception(
                        "Cannot find out what is new; nobody who listens is told until that succeeds"
                    )
                self._release(quietly=failures > 0)
                failures += 1
                pause = EVERY_SECONDS * 2 ** min(failures, MAX_DOUBLINGS)
                continue
            if failures:
                logger.info("Finding out what is new succeeds again, after %d failures", failures)
            failures, pause = 0, NEXT_SECONDS if seen.more else EVERY_SECONDS
            if seen.frames:
                place = seen.frames[-1].place
                self._tell(seen.frames)
        self._release()

    def _tell(self, frames: Sequence[Frame]) -> None:
        # The loop may have been closed since: the process ends.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._take, frames)

    def _take(self, frames: Sequence[Frame]) -> None:
        """On the event loop: keep these frames, and tell of them."""
        if self._stopped.is_set():
            return
        lost = len(self._kept) + len(frames) - KEPT
        if lost > 0:
            self.base = [*self._kept, *frames][lost - 1].place
        self._kept.extend(frames)
        self._publish(frames)

    def _release(self, *, quietly: bool = False) -> None:
        try:
            self._source.on_idle()
        except Exception:
            if not quietly:
                logger.exception("Cannot give back what the feed held")
