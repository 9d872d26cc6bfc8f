"""`agentboard tasks`: list tasks."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `tasks`."""
    parser = commands.add(
        subparsers,
        "tasks",
        _tasks,
        summary="list tasks, newest first",
        example='agentboard tasks --status todo,doing --label backend\nagentboard tasks --ready -q "login timeout"',
    )
    parser.add_argument("-q", metavar="WORDS", help="tasks that contain these words, or T-12")
    parser.add_argument("--status", help="todo, doing, done, ...; several with commas")
    parser.add_argument("--priority", help="P0 to P3; several with commas")
    parser.add_argument("--assignee", metavar="NAME")
    parser.add_argument("--reviewer", metavar="NAME")
    parser.add_argument("--label")
    parser.add_argument("--project")
    parser.add_argument(
        "--ready", action=argparse.BooleanOptionalAction, help="that anybody can be given now, or not"
    )
    parser.add_argument(
        "--stale", action=argparse.BooleanOptionalAction, help="whose holder has gone quiet, or not"
    )
    parser.add_argument("--limit", type=int, help="at most this many")
    parser.add_argument("--cursor", help="go on where an earlier list ended")


def _tasks(board: Connection, options: argparse.Namespace) -> Outcome:
    names = ("q", "status", "priority", "assignee", "reviewer", "label", "project", "limit", "cursor")
    asked: dict[str, Any] = {name: getattr(options, name) for name in names}
    for name in ("ready", "stale"):
        wanted = getattr(options, name)
        asked[name] = None if wanted is None else str(wanted).lower()
    answer = board.get("/tasks", **asked)
    lines = [_line(task) for task in answer.body["tasks"]]
    if hint := answer.body.get("hint"):
        lines.append(plain.line(hint))
    if cursor := answer.body.get("next_cursor"):
        lines.append(f"There is more: add --cursor {plain.line(cursor)}")
    return Outcome(answer, "\n".join(lines) or "No task is like that.")


def _line(task: dict[str, Any]) -> str:
    about = plain.facts(
        [
            ("", task["assignee"]),
            ("reviewer", task["reviewer"]),
            ("", "ready" if task["ready"] else None),
            ("", "stale" if task["stale"] else None),
            ("", plain.listed(task["labels"])),
        ]
    )
    return (
        f"{task['id']} {task['priority']} {task['status']} {plain.line(task['title'])} {f'[{about}]' if about else ''}"
    ).rstrip()
