"""`agentboard events`: what happened, to a task or on the whole board, and what happens."""

from __future__ import annotations

import argparse
import json
from typing import Any

from agentboard.cli import commands, connection, following, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `events`."""
    parser = commands.add(
        subparsers,
        "events",
        _events,
        summary="read the history of a task or of the board, oldest event first",
        about="--follow goes on with what happens, until Ctrl-C; without --since it begins there.",
        example="agentboard events T-12\nagentboard events --follow --kind task.claimed,task.approved",
    )
    parser.add_argument("task", metavar="TASK", nargs="?", help="its id, T-12 or 12 (default: all tasks)")
    parser.add_argument("--since", type=int, metavar="SEQ", help="only events after this one")
    parser.add_argument("--limit", type=int, help="at most this many (default: 100)")
    parser.add_argument("--by", metavar="NAME", help="only what this agent did")
    parser.add_argument("--kind", help="only these kinds: task.claimed, task.commented, ...; with commas")
    parser.add_argument("--follow", action="store_true", help="go on with what happens")


def _events(board: Connection, options: argparse.Namespace) -> Outcome:
    query = {"task": options.task, "agent": options.by, "kind": options.kind, "since": options.since}
    if options.follow:
        for data in following.follow(board, "/events", **query):
            print(data if options.json else _line(json.loads(data), options), flush=True)
    if options.task and not (options.by or options.kind):
        path = connection.task_path(options.task, "events")
        answer = board.get(path, since=options.since, limit=options.limit)
    else:
        answer = board.get("/events", limit=options.limit, **query)
    lines = [_line(event, options) for event in answer.body["events"]]
    if answer.body.get("more") or "next_since" in answer.body:
        lines.append(f"There is more: add --since {answer.body.get('next') or answer.body['next_since']}")
    return Outcome(answer, "\n".join(lines) or "Nothing happened since.")


def _line(event: dict[str, Any], options: argparse.Namespace) -> str:
    """An event in one line, with its task if that has not been asked for."""
    task = "" if options.task or not event["task"] else f" {plain.line(event['task'])}"
    said = f"{event['seq']} {plain.line(event['at'])} {plain.line(event['kind'])}{task}"
    return f"{said} by {plain.line(event['by'])} {plain.facts(event['data'].items())}".rstrip()
