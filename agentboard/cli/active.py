"""`agentboard active`: what was I doing."""

from __future__ import annotations

import argparse
import os
from typing import Any

from agentboard.cli import commands, holding, packets
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection
from agentboard.cli.leases import Leases


def add_parser(subparsers: Any) -> None:
    """Add `active`."""
    commands.add(
        subparsers,
        "active",
        _active,
        named=True,
        summary="what was I doing: every task I hold; claims nothing",
        about="Their leases are noted anew, and those of tasks you do not hold any more are forgotten.",
        example="agentboard active",
    )


def _active(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/tasks/active")
    held = answer.body["tasks"]
    holding.keep(held, Leases(board.caller, os.environ).replace)
    text = "\n\n\n".join(packets.shown(packet) for packet in held)
    return Outcome(answer, text or "You hold no task. `agentboard next` gives you one.")
