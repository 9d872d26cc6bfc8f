"""`agentboard cancel`, `reopen`, `release` and `override`: end or restart a task, with a reason."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, connection, long_text
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases

_SUMMARIES = {
    "cancel": "give a task up, with a reason",
    "reopen": "bring a done or cancelled task back, with a reason",
    "release": "free a task from its holder, with a reason",
    "override": "close a task without an approval, with a reason",
}
_ABOUT = {
    "override": "For a human; others are refused with exit code 3. It stays visible as what it is.",
}
_OF_SOME = "For its creator, its reviewer or a human; others are refused with exit code 3."


def add_parser(subparsers: Any) -> None:
    """Add the four of them."""
    for verb, summary in _SUMMARIES.items():
        parser = commands.add(
            subparsers,
            verb,
            _close,
            named=True,
            summary=summary,
            about=_ABOUT.get(verb, _OF_SOME),
            example=f'agentboard {verb} T-12 "The customer has withdrawn the request."',
        )
        commands.add_task(parser)
        long_text.add_arguments(parser, what="the reason")


def _close(board: Connection, options: argparse.Namespace) -> Outcome:
    body = {"reason": long_text.read(options, what="reason")}
    answer = board.post(connection.task_path(options.task, options.command), body)
    Leases(board.caller, os.environ).forget(options.task)
    return Outcome(answer, f"{answer.body['id']} is {answer.body['status']}.")
