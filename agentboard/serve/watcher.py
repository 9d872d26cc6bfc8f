"""The watcher: one thread that finds out, for all who wait, whose work has come."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FindWakeable = Callable[[Sequence[str]], Sequence[int]]

EVERY_SECONDS = 0.1
# The thread outlives the last caller by this much: callers come back at once after an empty answer.
LINGER_SECONDS = 2.0
# After n failures in a row the next look comes 2**n times later than usual, up to this n: 6.4 s.
MAX_DOUBLINGS = 6

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Place:
    """One caller's place in the queue. Only while it is `offered` may its `ticket` be woken."""

    ticket: str
    wake: Callable[[], None]
    offered: bool = True


class Watcher:
    """Offers the tickets of all who wait to `find_wakeable`, in the order they came, and wakes whom it names.

    `find_wakeable(tickets)` returns the indices of the tickets worth another try now, at most one per ready task. It
    runs on the watcher's thread, as does `on_idle`, which gives back what that thread holds (its database connection)
    when nobody waits any more and after every failure. The thread exists only while somebody waits.
    """

    def __init__(self, find_wakeable: FindWakeable, on_idle: Callable[[], None]) -> None:
        self._find_wakeable = find_wakeable
        self._on_idle = on_idle
        self._lock = threading.Lock()
        self._places: dict[Place, None] = {}
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    def join(self, place: Place) -> None:
        """Queue at the end; the place stays where it is until `leave`, however often it is offered."""
        with self._lock:
            self._places[place] = None
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._watch, name="board-watcher", daemon=True)
                self._thread.start()

    def leave(self, place: Place) -> None:
        """Leave the queue. A wake that is under way may still arrive."""
        with self._lock:
            self._places.pop(place, None)

    def stop(self) -> None:
        """End the thread for good, without waiting for it."""
        self._stopped.set()

    def _watch(self) -> None:
        failures = quiet = 0
        while True:
            pause = EVERY_SECONDS * 2 ** min(failures, MAX_DOUBLINGS)
            if self._stopped.wait(pause) or (quiet * EVERY_SECONDS >= LINGER_SECONDS and self._retire()):
                break
            places = self._queue()
            quiet = 0 if places else quiet + 1
            failures = self._look(places, failures)
        self._release()

    def _retire(self) -> bool:
        with self._lock:
            if not self._places:
                self._thread = None
            return self._thread is None

    def _queue(self) -> list[Place]:
        with self._lock:
            return list(self._places)

    def _look(self, queue: list[Place], failures: int) -> int:
        """Wake those whose work has come; the number of failures in a row is the answer."""
        offered = [place for place in queue if place.offered]
        if not offered:
            return failures
        try:
            for index in self._find_wakeable([place.ticket for place in offered]):
                offered[index].offered = False
                offered[index].wake()
        except Exception:
            if not failures:
                logger.exception(
                    "Cannot find out who has work; nobody who waits is woken until that succeeds"
                )
        else:
            if failures:
                logger.info("Finding out who has work succeeds again, after %d failures", failures)
            return 0
        # A connection that broke stays broken until somebody closes it.
        self._release(quietly=failures > 0)
        return failures + 1

    def _release(self, *, quietly: bool = False) -> None:
        try:
            self._on_idle()
        except Exception:
            if not quietly:
                logger.exception("Cannot give back what the watcher held")
