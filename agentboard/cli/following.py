"""Following: the data of a stream's events as they come, past every interruption, each once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from agentboard.cli import connection, exits
from agentboard.cli.connection import Connection

# A board that is started again is away for some seconds; after so many tries in a row that found nobody it is gone.
TRIES = 15
PAUSE = 2.0


def follow(board: Connection, path: str, **query: Any) -> Iterator[str]:
    """The data of each event of the stream at `path`, for as long as somebody wants it.

    Raises Failure if the board refuses, cannot be reached at first, or stays away after it was.
    """
    last: str | None = None
    failures = TRIES
    while True:
        event: dict[str, str] = {}
        try:
            for field, value in board.stream(path, last=last, **query):
                failures = 0
                if field:
                    event[field] = value
                    continue
                # Only now: an event that was cut off has to come again.
                last = event.get("id", last)
                if "data" in event:
                    yield event["data"]
                event.clear()
        except connection.ForAMoment as away:
            failures += 1
            if failures > TRIES:
                raise exits.Failure(away.exit_code, away.detail, fix=away.fix, code=away.code) from None
        time.sleep(PAUSE)
