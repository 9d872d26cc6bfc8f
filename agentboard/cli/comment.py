"""`agentboard comment`: write to the log of a task."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, holding, long_text, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases

KINDS = ["note", "tried", "failed", "pending", "decision", "question"]


def add_parser(subparsers: Any) -> None:
    """Add `comment`."""
    parser = commands.add(
        subparsers,
        "comment",
        _comment,
        named=True,
        summary="write to the log of a task",
        about="What is not in the log does not exist. A word by the holder renews the lease, which is shown for\n"
        "you. Exit code 3: you have lost it; nothing was written, and you should stop work on that task.",
        example='agentboard comment T-12 --kind failed "Pinning the driver did not help: same error."\n'
        "make test 2>&1 | tail -50 | agentboard comment T-12 --kind tried",
    )
    commands.add_task(parser)
    long_text.add_arguments(parser, what="what you have to say")
    parser.add_argument("--kind", choices=KINDS, default="note", help="what it is (default: note)")
    holding.add_lease(parser)


def _comment(board: Connection, options: argparse.Namespace) -> Outcome:
    body = {"kind": options.kind, "text": long_text.read(options, what="text")}
    leases = Leases(board.caller, os.environ)
    answer = holding.post(board, leases, options.task, "comments", body, lease=options.lease)
    receipt = answer.body
    said = f"Comment {receipt['id']} is in the log of {receipt['on']}, which is {receipt['status']}"
    if receipt.get("expires_in") is not None:
        said += f"; your lease runs for {plain.duration(receipt['expires_in'])}"
    return Outcome(answer, f"{said}.")
