"""`agentboard handoff` and `readback`: pass a task on, and say back what was passed on."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, connection, exits, holding, long_text, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases

_SAID = {
    "done": "what is done",
    "pending": "what is still to do",
    "gotchas": "what the next one has to beware of",
}


def add_parser(subparsers: Any) -> None:
    """Add both."""
    _add_handoff(subparsers)
    parser = commands.add(
        subparsers,
        "readback",
        _read_back,
        named=True,
        summary="say back what a handoff told you, before you work on its task",
        about="In your own words: what you understood, and what you will do first. Until then the task can only be\n"
        "commented on and handed off.",
        example='agentboard readback T-12 "The parser is done; I write the tests first and leave the cache alone."',
    )
    commands.add_task(parser)
    long_text.add_arguments(parser, what="what you understood")
    holding.add_lease(parser)


def _add_handoff(subparsers: Any) -> None:
    parser = commands.add(
        subparsers,
        "handoff",
        _hand_off,
        named=True,
        summary="pass a task on, with what the next one has to know",
        about="Each of the three is said; none is said, too. Your lease ends.",
        example="agentboard handoff T-12 --to sage --done 'The parser' --pending 'Its tests' --gotchas none\n"
        "agentboard handoff T-12 --done @done.md --pending @todo.md --gotchas none",
    )
    commands.add_task(parser)
    parser.add_argument("--to", metavar="NAME", help="for whom it is kept (default: whoever comes)")
    for name, what in _SAID.items():
        parser.add_argument(
            f"--{name}", required=True, metavar="TEXT", help=f"{what}; @FILE reads it from a file"
        )
    holding.add_lease(parser)


def _hand_off(board: Connection, options: argparse.Namespace) -> Outcome:
    body = {"to": options.to, **{name: long_text.given(getattr(options, name)) for name in _SAID}}
    leases = Leases(board.caller, os.environ)
    lease = holding.required(leases, options.task, lease=options.lease)
    answer = holding.post(board, leases, options.task, "handoffs", body, lease=lease)
    leases.forget(options.task)
    receipt = answer.body
    kept = f"kept for {plain.line(receipt['to'])}" if receipt["to"] else "free for whoever comes"
    return Outcome(
        answer, f"{receipt['id']} is handed off and {kept}. `agentboard next` gives you another task."
    )


def _read_back(board: Connection, options: argparse.Namespace) -> Outcome:
    text = long_text.read(options, what="text")
    handoffs = board.get(connection.task_path(options.task, "handoffs")).body["handoffs"]
    if not handoffs:
        raise exits.Failure(
            exits.REFUSED,
            f"{options.task} has no handoff.",
            fix="Go on with the work; agentboard active shows what you hold.",
        )
    leases = Leases(board.caller, os.environ)
    what = f"handoffs/{handoffs[0]['id']}/readback"
    lease = holding.required(leases, options.task, lease=options.lease)
    answer = holding.post(board, leases, options.task, what, {"text": text}, lease=lease)
    left = plain.duration(answer.body["expires_in"])
    return Outcome(answer, f"Noted; {answer.body['id']} is yours to work on, and your lease runs for {left}.")
