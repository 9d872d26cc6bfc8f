"""`agentboard capabilities`: every call of the board's API."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `capabilities`."""
    commands.add(
        subparsers,
        "capabilities",
        _capabilities,
        summary="list every call of the board's HTTP API",
        example="agentboard capabilities",
    )


def _capabilities(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/capabilities")
    return Outcome(answer, "\n".join(plain.line(call) for call in answer.body["calls"]))
