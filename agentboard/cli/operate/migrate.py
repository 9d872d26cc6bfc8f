"""`agentboard migrate`: bring the database to this version."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import exits
from agentboard.cli.operate import board, migrations, running


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    running.add(
        subparsers,
        "migrate",
        _migrate,
        summary="bring the database to this version",
        about="Apply the migrations that the database lacks. A board on SQLite must not be served meanwhile.",
    )


def _migrate(_: argparse.Namespace) -> int:
    settings = running.settings()
    with board.connected():
        count = migrations.apply(settings)
    print(f"Applied {count} migration{'s' * (count > 1)}." if count else "The database is up to date.")
    return exits.DONE
