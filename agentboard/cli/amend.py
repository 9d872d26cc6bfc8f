"""`agentboard amend`: replace done criteria that proved wrong."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, connection, exits, long_text
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases


def add_parser(subparsers: Any) -> None:
    """Add `amend`."""
    parser = commands.add(
        subparsers,
        "amend",
        _amend,
        named=True,
        summary="replace done criteria that proved wrong, with a reason",
        about="For its creator or a human, never for a worker of it. What was submitted and judged is void, and\n"
        "the task is todo again. Criteria of a task that nobody has claimed yet: `agentboard edit`.",
        example='agentboard amend T-12 "The API is gone" --criterion "It works" --criterion "A test covers it"',
    )
    commands.add_task(parser)
    long_text.add_arguments(parser, what="the reason")
    parser.add_argument(
        "--criterion",
        dest="done_criteria",
        metavar="TEXT",
        action="append",
        help="one of all criteria from now on; once for each",
    )


def _amend(board: Connection, options: argparse.Namespace) -> Outcome:
    if not options.done_criteria:
        raise exits.Failure(
            exits.BAD_INPUT, "There are no criteria.", fix='Give them all: --criterion "..." once for each.'
        )
    body = {"done_criteria": options.done_criteria, "reason": long_text.read(options, what="reason")}
    answer = board.post(connection.task_path(options.task, "criteria"), body)
    Leases(board.caller, os.environ).forget(options.task)
    receipt = answer.body
    return Outcome(
        answer,
        f"{receipt['id']} has version {receipt['version']} of its criteria and is {receipt['status']}.",
    )
