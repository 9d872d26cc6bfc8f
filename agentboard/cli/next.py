"""`agentboard next`: give me work."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, exits, holding, packets, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases

_REASONS = {
    "nothing_ready": "no task is ready",
    "waiting_on_dependencies": "what there is waits for other tasks",
    "no_matching_skills": "what is ready needs skills that you have not said you have",
    "paused": "you are paused",
}
_COUNTS = {
    "waiting": "wait for others",
    "other_skills": "need other skills",
    "reserved": "are reserved for others",
}


def add_parser(subparsers: Any) -> None:
    """Add `next`."""
    parser = commands.add(
        subparsers,
        "next",
        _next,
        named=True,
        summary="give me work: my next task, claimed, or the one I hold",
        about="The lease is noted; `agentboard comment` shows it for you. Exit code 4: there is nothing to do.",
        example="agentboard next --wait 45",
    )
    parser.add_argument(
        "--wait", type=int, metavar="SECONDS", help="wait for work, 0 to 45 (default: do not)"
    )
    parser.add_argument("--project", help="only tasks of this project")
    parser.add_argument("--label", help="only tasks with this label")


def _next(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get(
        "/tasks/next",
        patience=max(0, options.wait or 0),
        wait=options.wait,
        project=options.project,
        label=options.label,
    )
    if answer.body["task"] is None:
        return Outcome(answer, _nothing(answer.body), exits.NOTHING_TO_DO)
    holding.keep([answer.body], Leases(board.caller, os.environ).remember)
    return Outcome(answer, packets.shown(answer.body))


def _nothing(body: dict[str, Any]) -> str:
    counts = ", ".join(f"{body[name]} {words}" for name, words in _COUNTS.items() if body.get(name))
    reason = _REASONS.get(body["reason"], plain.line(body["reason"]))
    until = f" until {plain.line(body['paused_until'])}" if body.get("paused_until") else ""
    said = f"Nothing to do: {reason}{until}{f' ({counts})' if counts else ''}."
    hint = f" {plain.line(body['hint'])}" if body.get("hint") else ""
    return f"{said}{hint} Ask again in {body['retry_after']} s, or wait with `agentboard next --wait 45`."
