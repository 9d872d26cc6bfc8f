"""`agentboard log`: read what was written to a task."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, connection, packets, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `log`."""
    parser = commands.add(
        subparsers,
        "log",
        _log,
        summary="read the log of a task, oldest entry first",
        example="agentboard log T-12 --kind failed",
    )
    commands.add_task(parser)
    parser.add_argument("--kind", help="only entries of this kind: note, tried, failed, decision, ...")
    parser.add_argument(
        "--since", metavar="WHEN", help="only entries after this comment's id, or since this time"
    )
    parser.add_argument("--limit", type=int, help="at most this many (default: 100)")


def _log(board: Connection, options: argparse.Namespace) -> Outcome:
    path = connection.task_path(options.task, "comments")
    answer = board.get(path, kind=options.kind, since=options.since, limit=options.limit)
    entries = [
        f"{entry['id']} {plain.line(entry['by'])}, {plain.line(entry['kind'])}, {plain.line(entry['at'])}:\n"
        f"{plain.quoted(entry['text'])}"
        for entry in answer.body["comments"]
    ]
    if not entries:
        return Outcome(answer, "Nothing is written there.")
    if after := answer.body.get("next_since"):
        entries.append(f"There is more: add --since {after}")
    return Outcome(answer, "\n".join([packets.LEGEND, *entries]))
