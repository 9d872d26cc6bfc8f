"""Writers: SQLite lets one in at a time, and here they come in one by one, in this process and among all of them.

SQLite itself has those that are too many try again after 1 to 100 ms, in no order: of eight threads the slowest of a
hundred calls took 170 to 1,330 ms, and beside a job that writes all the time a claim waited for up to 80 ms while the
job held the lock for 30. So threads queue for a lock of the process, and processes for a lock on a file beside the
board's. That is a courtesy: whoever writes without it, or has waited too long, meets SQLite's own lock as before.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

# Seconds until a process tries its luck without its turn, and between two looks whether it has come.
PATIENCE = 2.0
_LOOK_EVERY = 0.0005
# The bytes of the file that are locked. Whoever wants the turn is next first, so that nobody who has just had it comes
# before one who waits.
_NEXT, _TURN = 0, 1

_one_here = threading.Lock()


@contextmanager
def one_by_one() -> Iterator[None]:
    """Have the writer's turn while the block runs. For connections to SQLite, outside of transactions."""
    with _one_here:
        file = _beside.file(str(connection.settings_dict["NAME"]))
        if file is None:
            yield
            return
        _queue(file)
        try:
            yield
        finally:
            # Of what it does not have, too: then nothing happens.
            fcntl.lockf(file, fcntl.LOCK_UN, 2, _NEXT)


class _Beside:
    """The file beside the board's that its writers queue at, opened once in a process by whoever has `_one_here`.

    Locks of this kind belong to a process, so one that was forked shares the file and no lock.
    """

    def __init__(self) -> None:
        self._board = ""
        self._file: int | None = None

    def file(self, board: str) -> int | None:
        """Its descriptor; None for a board that no other process can write to, or not from here."""
        if board != self._board:
            if self._file is not None:
                os.close(self._file)
            self._board, self._file = board, self._open(Path(board))
        return self._file

    def _open(self, board: Path) -> int | None:
        # As SQLite does with its own: whoever may write to the board may write to what lies beside it.
        try:
            mode = board.stat().st_mode & 0o666
            return os.open(f"{board}.writers.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
        except OSError:
            return None


_beside = _Beside()


def _queue(file: int) -> None:
    until = time.monotonic() + PATIENCE
    if _lock(file, _NEXT, until):
        _lock(file, _TURN, until)
        fcntl.lockf(file, fcntl.LOCK_UN, 1, _NEXT)


def _lock(file: int, byte: int, until: float) -> bool:
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK_EVERY)
        else:
            return True
