"""`agentboard scheduler`: one process that looks after the board."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli.operate import board, one_process, running


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    running.add(
        subparsers,
        "scheduler",
        _scheduler,
        summary="look after the board: stale work, reclaim, digest",
        about="Do what falls due by the clock until SIGTERM or Ctrl-C. Any number of these may look after one board on"
        " PostgreSQL, one may on SQLite.",
    )


def _scheduler(_: argparse.Namespace) -> int:
    settings = running.settings()
    with (
        one_process.only(settings, doing="is looked after", role="scheduler"),
        board.opened(settings),
    ):
        from agentboard.serve import scheduler

        return scheduler.run()
