"""`agentboard export`: the whole board as JSON lines."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from agentboard.cli import exits
from agentboard.cli.operate import board, files, running, whole


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = running.add(
        subparsers,
        "export",
        _export,
        summary="write the whole board as JSON lines",
        about="Write everything on the board, as of one moment, as JSON lines that `agentboard import agentboard` reads"
        " back. Accounts that sign in to the admin, and which agent each belongs to, are not part of it.",
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="where to (default: standard output)"
    )


def _export(options: argparse.Namespace) -> int:
    with board.opened(running.settings()), files.writing(options.file) as out:
        from tasks.queries import exports

        lines = 0
        for line in exports.lines(whole.models()):
            lines += 1
            out.write(line)
    if options.file != "-":
        # All but the first line and the last are rows.
        print(f"{options.file}: {lines - 2:,} rows.", file=sys.stderr)
    return exits.DONE
