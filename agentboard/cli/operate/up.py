"""`agentboard up`: everything a board needs, under one process."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from agentboard.cli.operate import board, migrations, one_process, running, sign_in, web

# -P: the directory this was started in must not be looked through for modules.
_COMMAND = [sys.executable, "-P", "-m", "agentboard.cli.main"]


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    running.add(
        subparsers,
        "up",
        _up,
        summary="migrate, then serve the board until Ctrl-C",
        about="Bring the database to this version and keep the board running, with the settings of the environment"
        " (AGENTBOARD_PORT, AGENTBOARD_DATABASE_URL, …), until SIGTERM or Ctrl-C.",
    )


def _up(_: argparse.Namespace) -> int:
    settings = running.settings()
    web.refuse_exposure(settings)
    with board.connected():
        migrations.apply(settings)
    for role in one_process.ROLES:
        with one_process.only(settings, doing="is being started", role=role):
            pass
    where = web.address(settings) if settings.port else "a free port, which it names below"
    print(f"The board is on {where}. Ctrl-C stops it.", flush=True)
    with board.connected():
        print(sign_in.invitation(settings), flush=True)
    from agentboard.serve import supervisor

    return supervisor.up(commands())


def commands() -> list[tuple[str, list[str]]]:
    """The processes of a board, by name, as commands that are given their settings by the environment."""
    return [(role, [*_COMMAND, role]) for role in one_process.ROLES]
