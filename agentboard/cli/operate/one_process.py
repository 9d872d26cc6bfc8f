"""One process: a board on SQLite is served, or migrated, by one process at a time.

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


@contextmanager
def only(settings: env.Env, *, doing: str) -> Iterator[None]:
    """Hold the board's database for `doing` ("is served at …"); with PostgreSQL any number of processes may.

    Fails as REFUSED if another process holds it, with what that one is doing.
    """
    path = _lock_file(settings)
    if path is None:
        yield
        return
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(file, path)
        os.ftruncate(file, 0)
        os.write(file, f"{doing} by process {os.getpid()}".encode())
        yield
    finally:
        # The file stays: whoever removed it could remove the one that the next process has just locked.
        os.close(file)


def _lock_file(settings: env.Env) -> Path | None:
    database = env.database(settings.database_url)
    if not str(database["ENGINE"]).endswith("sqlite3"):
        return None
    path = Path(str(database["NAME"])).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f"{path.name}.lock")


def _lock(file: int, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.read(file, 300).decode(errors="replace") or "is in use by another process"
        raise exits.Failure(
            exits.REFUSED,
            f"The board in {path.with_suffix('')} {other}, and SQLite takes one at a time.",
            fix="End that process, or set AGENTBOARD_DATABASE_URL to PostgreSQL, which takes any number.",
        ) from None
