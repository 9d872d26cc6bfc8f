"""`agentboard web`: one web process."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard import env
from agentboard.cli import exits
from agentboard.cli.operate import board, one_process, running
from agentboard.serve import exposure, listening


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    running.add(
        subparsers,
        "web",
        _web,
        summary="serve the board, one process",
        about="Serve the board until SIGTERM or Ctrl-C. Any number of these may serve one board on PostgreSQL, one may"
        " on SQLite.",
    )


def address(settings: env.Env) -> str:
    """Where this machine finds the board; for port 0 only the process that listens knows."""
    return listening.address(settings.host, settings.port)


def refuse_exposure(settings: env.Env) -> None:
    """Fail if others than this machine could reach a board that believes every caller."""
    try:
        exposure.refuse_exposure(settings.host, settings.auth)
    except exposure.Exposed as exposed:
        raise exits.Failure(exits.BAD_INPUT, str(exposed), fix="") from None


def _web(_: argparse.Namespace) -> int:
    settings = running.settings()
    refuse_exposure(settings)
    with one_process.only(settings, doing=f"is served at {address(settings)}"):
        with board.opened(settings):
            pass
        # Late: whoever only asks for help need not wait for the server's libraries.
        from agentboard.serve import server

        return server.run(settings)
