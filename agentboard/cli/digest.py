"""`agentboard digest`: the state of the board."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `digest`."""
    parser = commands.add(
        subparsers,
        "digest",
        _digest,
        summary="read the state of the board: what needs a human, what is stale, blocked, shipped",
        example="agentboard digest --fresh",
    )
    parser.add_argument("--fresh", action="store_true", help="as it is now, not as it was posted last")


def _digest(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/digest", fresh="1" if options.fresh else None)
    return Outcome(answer, plain.clean(answer.body["text"].rstrip()))
