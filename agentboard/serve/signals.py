"""Signals as something to wait for, instead of code that runs in the middle of other code."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import time
from types import FrameType
from typing import Self

_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Signals:
    """While entered: counts the signals that ask this process to stop, and wakes `wait` for those and for SIGCHLD."""

    def __init__(self) -> None:
        self.stop_requested = 0
        self._exits = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._reader, writer = socket.socketpair()
        for end in (self._reader, writer):
            end.setblocking(False)
            self._exits.callback(end.close)
        self._exits.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(writer.fileno()))
        for number in (*_STOP, signal.SIGCHLD):
            # Under nohup the end of the terminal is ignored, and stays so.
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue
            self._exits.callback(signal.signal, number, signal.signal(number, self._count))
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def wait(self, *, until: float | None) -> None:
        """Wait for a signal, or until `until` on the monotonic clock. May return early."""
        timeout = None if until is None else max(0.0, until - time.monotonic())
        select.select([self._reader], [], [], timeout)
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(4096)

    def _count(self, number: int, _frame: FrameType | None) -> None:
        if number in _STOP:
            self.stop_requested += 1
