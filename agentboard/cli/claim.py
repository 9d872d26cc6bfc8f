"""`agentboard claim`: give me that one."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, connection, holding, packets
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases


def add_parser(subparsers: Any) -> None:
    """Add `claim`."""
    parser = commands.add(
        subparsers,
        "claim",
        _claim,
        named=True,
        summary="claim that one task, not the best one as `next` does",
        about="Exit code 3: somebody holds it, it is not ready, or you hold as many as you may.",
        example="agentboard claim T-12",
    )
    commands.add_task(parser)


def _claim(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.post(connection.task_path(options.task, "claim"), {})
    holding.keep([answer.body], Leases(board.caller, os.environ).remember)
    return Outcome(answer, packets.shown(answer.body))
