"""The fields of a task as options: what `create` and `edit` share."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import exits, long_text

# Option, field, metavar, help. The repeatable ones replace a list.
_SINGLE = [
    ("--priority", "priority", "P0-P3", "P0 is first (default: P2)"),
    ("--reviewer", "reviewer", "NAME", "who judges it; never its worker"),
    ("--assignee", "assignee", "NAME", "reserve it for one agent"),
    ("--project", "project", "NAME", "(default: main)"),
    ("--due", "due_at", "TIME", "ISO 8601"),
    ("--not-before", "not_before", "TIME", "nobody is given it earlier; ISO 8601"),
    ("--stale-after", "stale_after", "DURATION", "how long its holder may be quiet: 90s, 30m, 4h, 2d"),
    ("--external-id", "external_id", "ID", "its name elsewhere"),
]
_REPEATED = [
    ("--criterion", "done_criteria", "TEXT", "one thing that is true when it is done; once for each"),
    ("--depends-on", "depends_on", "TASK", "not before this one is done; once for each"),
    ("--label", "labels", "LABEL", "once for each"),
    ("--skill", "skills", "SKILL", "only for agents that have it; once for each"),
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Have the parser take every field but the title."""
    parser.add_argument(
        "--description", dest="text", metavar="TEXT", help="what it is about; - reads standard input"
    )
    parser.add_argument("--file", metavar="FILE", help="read the description from FILE; - is standard input")
    for option, field, metavar, about in _REPEATED:
        parser.add_argument(option, dest=field, metavar=metavar, action="append", help=about)
    for option, field, metavar, about in _SINGLE:
        parser.add_argument(option, dest=field, metavar=metavar, help=about)


def given(options: argparse.Namespace) -> dict[str, Any]:
    """The fields that were given. An empty text takes a field away: `--reviewer ""`, `--label ""`."""
    fields: dict[str, Any] = {}
    for _, field, *_ in _SINGLE:
        if (value := getattr(options, field)) is not None:
            fields[field] = value or None
    for _, field, *_ in _REPEATED:
        if (values := getattr(options, field)) is not None:
            fields[field] = [value for value in values if value]
    if options.text == "" and options.file is None:
        fields["description"] = ""
    elif options.text is not None or options.file is not None:
        fields["description"] = long_text.read(options, what="description")
    return fields


def require_some(fields: dict[str, Any]) -> None:
    """Fail where no field was given."""
    if not fields:
        raise exits.Failure(
            exits.BAD_INPUT, "There is nothing to change.", fix="Give a field, for example --priority P1."
        )


def receipt(body: dict[str, Any]) -> str:
    """What the board says of a task that was written, in a sentence or two."""
    from agentboard.cli import plain, wording

    said = f"{body['id']} is {body['status']}"
    said += f", not ready: {wording.as_commands(plain.line(body['reason']))}" if body.get("reason") else "."
    return said + news(body)


def news(body: dict[str, Any]) -> str:
    """The names that nobody had used before, since one of them may be a typing error."""
    from agentboard.cli import plain

    names = body.get("new_agents")
    return f" New agents: {plain.listed(names)}." if names else ""
