"""`agentboard edit`: change what a task says; never its status."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, connection, task_fields
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `edit`."""
    parser = commands.add(
        subparsers,
        "edit",
        _edit,
        named=True,
        summary="change what a task says; never its status",
        about='A repeated option replaces the whole list; an empty text takes a field away: --reviewer "".',
        example='agentboard edit T-12 --priority P0 --label urgent\nagentboard edit T-12 --criterion "It works"',
    )
    commands.add_task(parser)
    parser.add_argument("--title", metavar="TITLE")
    task_fields.add_arguments(parser)


def _edit(board: Connection, options: argparse.Namespace) -> Outcome:
    fields = task_fields.given(options)
    if options.title is not None:
        fields["title"] = options.title
    task_fields.require_some(fields)
    answer = board.patch(connection.task_path(options.task), fields)
    return Outcome(answer, task_fields.receipt(answer.body))
