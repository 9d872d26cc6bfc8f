"""One process: a board on SQLite is served by one process and scheduled by one, and by none while it is migrated.

The lock is the kernel's, on a file beside the database: it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentboard import env
from agentboard.cli import exits

# What a process may be for a board, with what is put after the name of its database for the name of the lock.
ROLES = {"web": ".lock", "scheduler": ".scheduler.lock"}


@contextmanager
def only(settings: env.Env, *, doing: str, role: str = "web") -> Iterator[None]:
    """Hold the board's database in a role, for `doing` ("is served at …"); with PostgreSQL any number may.

    Fails as REFUSED if another process holds it, with what that one is doing.
    """
    board = _database_file(settings)
    if board is None:
        yield
        return
    file = os.open(board.with_name(board.name + ROLES[role]), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(file, board)
        os.ftruncate(file, 0)
        os.write(file, f"{doing} by process {os.getpid()}".encode())
        yield
    finally:
        # The file stays: whoever removed it could remove the one that the next process has just locked.
        os.close(file)


def _database_file(settings: env.Env) -> Path | None:
    database = env.database(settings.database_url)
    if not str(database["ENGINE"]).endswith("sqlite3"):
        return None
    path = Path(str(database["NAME"])).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _lock(file: int, board: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.read(file, 300).decode(errors="replace") or "is in use by another process"
        raise exits.Failure(
            exits.REFUSED,
            f"The board in {board} {other}, and SQLite takes one at a time.",
            fix="End that process, or set AGENTBOARD_DATABASE_URL to PostgreSQL, which takes any number.",
        ) from None
