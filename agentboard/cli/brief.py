"""`agentboard brief`: the whole story of a task within a budget."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, connection, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `brief`."""
    parser = commands.add(
        subparsers,
        "brief",
        _brief,
        summary="read the whole story of a task, in as many tokens as you can spare",
        about="Done criteria, handoff, feedback, failed attempts and decisions come before small talk.",
        example="agentboard brief T-12\nagentboard brief T-12 --budget 600",
    )
    commands.add_task(parser)
    parser.add_argument("--budget", type=int, help="at most this many tokens of 4 characters (default: 1500)")


def _brief(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get(connection.task_path(options.task, "brief"), budget=options.budget)
    return Outcome(answer, plain.clean(answer.body["brief"]))
