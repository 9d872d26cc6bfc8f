"""Memory: numbers that a caller keeps in a file between one command and the next, so that nobody types them.

A file is one of `agentboard/*.json` below XDG_STATE_HOME, with one number for each board, agent and task. Commands of
many processes may change it at once: each change is made under a lock and replaces the whole file in one step. It is
only a memory: whatever is wrong with it, the board decides.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from agentboard.cli.callers import Caller

# Board → agent → task → number.
_Book = dict[str, dict[str, dict[str, int]]]
_REF = re.compile(r"(?:t-)?0*(\d+)", re.IGNORECASE)


class Memory:
    """What one caller remembers of tasks, in the file called `name`."""

    def __init__(self, name: str, caller: Caller, environ: Mapping[str, str]) -> None:
        self._board, self._agent = caller.url.lower(), caller.agent or ""
        self._file = _state_home(environ) / "agentboard" / f"{name}.json"

    def of(self, ref: str) -> int | None:
        """The number remembered for the task, written in any way (`T-12`, `12`); None if there is none."""
        mine = self._read().get(self._board, {}).get(self._agent, {})
        return mine.get(_key(ref))

    def note(self, numbers: Mapping[str, int]) -> None:
        """Keep these numbers, by task. Raises OSError where nothing can be kept."""
        with self._change() as mine:
            mine.update(numbers)

    def note_only(self, numbers: Mapping[str, int]) -> None:
        """Keep these numbers, by task, and no others. Raises OSError where nothing can be kept."""
        with self._change() as mine:
            mine.clear()
            mine.update(numbers)

    def forget(self, ref: str, number: int | None = None) -> None:
        """Drop the task's number; with `number`, only if it is that one, for another process may know a newer one."""
        with contextlib.suppress(OSError), self._change() as mine:
            if number is None or mine.get(_key(ref)) == number:
                mine.pop(_key(ref), None)

    @contextlib.contextmanager
    def _change(self) -> Iterator[dict[str, int]]:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._file.with_suffix(".lock")):
            book = self._read()
            mine = book.setdefault(self._board, {}).setdefault(self._agent, {})
            before = dict(mine)
            yield mine
            if mine != before:
                _write(self._file, _without_blanks(book))

    def _read(self) -> _Book:
        try:
            book = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return book if _is_book(book) else {}


def _state_home(environ: Mapping[str, str]) -> Path:
    named = Path(environ.get("XDG_STATE_HOME", ""))
    if named.is_absolute():
        return named
    try:
        return Path.home() / ".local" / "state"
    except RuntimeError:
        # A user without a home, as in some containers: nothing can be written here, and that is said where it matters.
        return Path("/nonexistent")


def _key(ref: str) -> str:
    found = _REF.fullmatch(ref.strip())
    return f"T-{found[1]}" if found else ref


def _is_book(book: object) -> bool:
    """Whether what a file held can be used; a file that somebody edited must not end every command."""
    return isinstance(book, dict) and all(
        isinstance(agents, dict)
        and all(
            isinstance(tasks, dict) and all(isinstance(number, int) for number in tasks.values())
            for tasks in agents.values()
        )
        for agents in book.values()
    )


def _without_blanks(book: _Book) -> _Book:
    kept = {board: {name: tasks for name, tasks in agents.items() if tasks} for board, agents in book.items()}
    return {board: agents for board, agents in kept.items() if agents}


def _write(file: Path, book: _Book) -> None:
    # Only the holder of the lock writes, so the draft needs no name of its own.
    draft = file.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(book, stream)
    draft.replace(file)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    import fcntl

    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
