"""Files: what a command reads from or writes to, where `-` is standard input or output."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from agentboard.cli import exits

_STANDARD = "-"


@contextmanager
def reading(name: str) -> Iterator[tuple[BinaryIO, int]]:
    """The file as a stream, and its size in bytes (0: unknown)."""
    try:
        if name == _STANDARD:
            yield sys.stdin.buffer, 0
            return
        with Path(name).open("rb") as stream:
            yield stream, os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise exits.Failure(
            exits.BAD_INPUT, f"{name} cannot be read: {error.strerror or error}.", fix=""
        ) from None


@contextmanager
def writing(name: str) -> Iterator[BinaryIO]:
    """The file as a stream. A regular file has its name, and loses what it held before, only once all is written."""
    path = Path(name)
    if name == _STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with draft.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except OSError as error:
        raise exits.Failure(
            exits.BAD_INPUT, f"{name} cannot be written: {error.strerror or error}.", fix=""
        ) from None
