"""`agentboard import`: take in the records of another tracker, or a board's own export."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from agentboard.cli import exits
from agentboard.cli.operate import board, files, progress, report, running, whole

_ABOUT = """\
beads      the issues of a beads tracker, one JSON record a line. Taken once: what is here already is left as it is.
agentboard what `agentboard export` wrote, into a board that is empty, without a difference."""


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = running.add(
        subparsers, "import", _import, summary="take in a beads tracker's records, or an export", about=_ABOUT
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("source", choices=("beads", "agentboard"), help="what wrote the file")
    parser.add_argument("file", metavar="FILE", help="the file, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    beads = parser.add_argument_group("for beads")
    beads.add_argument("--project", metavar="NAME", help="the project to take them into (default: main)")
    beads.add_argument(
        "--criteria",
        metavar="TEXT",
        action="append",
        help="a done criterion for unfinished tasks that have none; may be given several times",
    )
    beads.add_argument("--dry-run", action="store_true", help="print the same summary and write nothing")


def _import(options: argparse.Namespace) -> int:
    if options.source == "beads":
        return _import_beads(options)
    if options.project or options.criteria or options.dry_run:
        raise exits.Failure(
            exits.BAD_INPUT,
            "An export is read back as it is: --project, --criteria and --dry-run are for beads.",
            fix="Leave them out.",
        )
    return _import_export(options)


def _import_beads(options: argparse.Namespace) -> int:
    given = {"project": options.project, "default_criteria": options.criteria}
    with (
        files.reading(options.file) as (stream, size),
        board.opened(running.settings(), begin=True),
        progress.bar() as tell,
    ):
        from tasks.domain.imports import beads

        summary = beads.take(
            stream,
            now=datetime.now(UTC),
            dry_run=options.dry_run,
            progress=lambda stage, done, of: tell(stage, done, of or size),
            **{name: value for name, value in given.items() if value},
        ).as_dict()
    print(json.dumps(summary, indent=2) if options.json else report.of_import(options.file, summary))
    return exits.DONE


def _import_export(options: argparse.Namespace) -> int:
    with (
        files.reading(options.file) as (stream, _),
        board.opened(running.settings(), begin=True),
        progress.bar() as tell,
    ):
        from tasks.domain.imports import restoring

        rows = restoring.take(
            stream,
            models=whole.models(),
            beginnings=whole.beginnings(),
            tick=lambda rows: tell("rows", rows, 0),
        )
    print(
        json.dumps({"rows": rows})
        if options.json
        else f"{options.file}: {rows:,} rows, as they were exported."
    )
    return exits.DONE
