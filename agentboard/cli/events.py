"""`agentboard events`: what happened to a task."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, connection, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `events`."""
    parser = commands.add(
        subparsers,
        "events",
        _events,
        summary="read the history of a task, oldest event first",
        example="agentboard events T-12",
    )
    parser.add_argument("task", metavar="TASK", help="its id, T-12 or 12")
    parser.add_argument("--since", type=int, metavar="ID", help="only events after this one")
    parser.add_argument("--limit", type=int, help="at most this many (default: 100)")


def _events(board: Connection, options: argparse.Namespace) -> Outcome:
    path = connection.task_path(options.task, "events")
    answer = board.get(path, since=options.since, limit=options.limit)
    lines = [
        f"{event['id']} {plain.line(event['at'])} {plain.line(event['kind'])} by {plain.line(event['by'])}"
        f" {plain.facts(event['data'].items())}".rstrip()
        for event in answer.body["events"]
    ]
    if after := answer.body.get("next_since"):
        lines.append(f"There is more: add --since {after}")
    return Outcome(answer, "\n".join(lines) or "Nothing happened since.")
