"""`agentboard create`: write a task down, or many."""

from __future__ import annotations

import argparse
import json
from typing import Any

from agentboard.cli import commands, exits, long_text, plain, task_fields
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection

# More ids than this are told as the first and the last.
LISTED = 12


def add_parser(subparsers: Any) -> None:
    """Add `create`."""
    parser = commands.add(
        subparsers,
        "create",
        _create,
        named=True,
        summary="write a task down, or many at once",
        about="It is ready once it has a criterion and nothing to wait for. With --batch FILE, a JSON array of tasks\n"
        "(fields as in the API; depends_on may name another one's external_id) is written, all or nothing.",
        example='agentboard create "Fix the login timeout" --criterion "Test login_slow passes" --priority P1\n'
        "agentboard create --batch backlog.json",
    )
    parser.add_argument("title", nargs="?", metavar="TITLE")
    parser.add_argument("--batch", metavar="FILE", help="up to 1,000 tasks as JSON; - is standard input")
    task_fields.add_arguments(parser)


def _create(board: Connection, options: argparse.Namespace) -> Outcome:
    fields = task_fields.given(options)
    if options.batch is None:
        if not (options.title or "").strip():
            raise exits.Failure(exits.BAD_INPUT, "The task has no title.", fix="Give one, in quotes.")
        answer = board.post("/tasks", {"title": options.title, **fields})
        return Outcome(answer, task_fields.receipt(answer.body))
    if options.title is not None or fields:
        raise exits.Failure(
            exits.BAD_INPUT,
            "--batch takes all fields from its file.",
            fix="Leave out the title and other fields.",
        )
    answer = board.post("/tasks/batch", {"tasks": _batch(options.batch)})
    receipts = answer.body["tasks"]
    ids = [plain.line(one["id"]) for one in receipts]
    which = ", ".join(ids) if len(ids) <= LISTED else f"{ids[0]} to {ids[-1]}"
    said = f"{len(ids)} tasks: {which}."
    return Outcome(answer, said + task_fields.news(answer.body))


def _batch(file: str) -> list[Any]:
    try:
        tasks = json.loads(long_text.content(file))
    except ValueError as error:
        raise exits.Failure(exits.BAD_INPUT, f"{file} is not JSON: {error}.", fix="Correct it.") from None
    if not isinstance(tasks, list):
        raise exits.Failure(exits.BAD_INPUT, f"{file} holds no list.", fix='Write [{"title": "..."}, ...].')
    return tasks
