"""`agentboard block` and `unblock`: stop a task that cannot go on, and let it go on."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, connection, holding, long_text
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases


def add_parser(subparsers: Any) -> None:
    """Add both."""
    _add_block(subparsers)
    unblock = commands.add(
        subparsers,
        "unblock",
        _unblock,
        named=True,
        summary="let a blocked task go on, saying what became of the obstacle",
        example='agentboard unblock T-12 "It is the second schema; see docs/schema.md."',
    )
    commands.add_task(unblock)
    long_text.add_arguments(unblock, what="the resolution")


def _add_block(subparsers: Any) -> None:
    parser = commands.add(
        subparsers,
        "block",
        _block,
        named=True,
        summary="stop a task that cannot go on, saying what it needs from whom",
        about="Your lease ends. With --depends-on it goes on by itself when all of those are done; otherwise anybody\n"
        "unblocks it. Either way you get it back first.",
        example='agentboard block T-12 "The schema is not decided." --needs "@olga: which of the two schemas"\n'
        'agentboard block T-12 "Needs the new parser." --needs "T-9 done" --depends-on T-9',
    )
    commands.add_task(parser)
    long_text.add_arguments(parser, what="the reason")
    parser.add_argument("--needs", required=True, metavar="TEXT", help="what is needed, and from whom")
    parser.add_argument(
        "--depends-on",
        action="append",
        default=[],
        metavar="TASK",
        help="a task to wait for; may be repeated",
    )
    holding.add_lease(parser)


def _block(board: Connection, options: argparse.Namespace) -> Outcome:
    body: dict[str, Any] = {"reason": long_text.read(options, what="reason"), "needs": options.needs}
    if options.depends_on:
        body["depends_on"] = options.depends_on
    leases = Leases(board.caller, os.environ)
    lease = holding.required(leases, options.task, lease=options.lease)
    answer = holding.post(board, leases, options.task, "blocks", body, lease=lease)
    leases.forget(options.task)
    ends = (
        "goes on by itself when what it waits for is done"
        if answer.body["waits"]
        else "waits to be unblocked"
    )
    return Outcome(
        answer, f"{answer.body['id']} is blocked and {ends}. `agentboard next` gives you another task."
    )


def _unblock(board: Connection, options: argparse.Namespace) -> Outcome:
    body = {"resolution": long_text.read(options, what="resolution")}
    answer = board.post(connection.task_path(options.task, "unblock"), body)
    return Outcome(answer, f"{answer.body['id']} is {answer.body['status']}; its last holder gets it first.")
