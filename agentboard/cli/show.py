"""`agentboard show`: everything a task says."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, connection, packets, plain, wording
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection

_DONE_VIA = {
    "approval": "done, approved by its reviewer,",
    "override": "done by a human's override, without an approval,",
    "import": "done already when it was imported,",
}
_DATES = ("due_at", "not_before", "reserved_until", "finished_at")


def add_parser(subparsers: Any) -> None:
    """Add `show`."""
    parser = commands.add(
        subparsers,
        "show",
        _show,
        summary="read a task: its text, its holder, why it is not ready",
        about="Its log is `agentboard log`, its history `agentboard events`.",
        example="agentboard show T-12",
    )
    commands.add_task(parser)


def _show(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get(connection.task_path(options.task))
    task = answer.body
    parts = [
        "\n".join([packets.heading(task), _state(task), _facts(task), packets.LEGEND]),
        packets.section("Description", task["description"]),
        packets.criteria(task["done_criteria"]),
    ]
    return Outcome(answer, "\n\n".join(part for part in parts if part))


def _state(task: dict[str, Any]) -> str:
    since = plain.line(task["status_since"])
    if holder := task.get("holder"):
        alive = "alive" if holder["alive"] else "not seen lately"
        lease = f"lease runs for {plain.duration(holder['expires_in'])}"
        return f"Held by {plain.line(holder['agent'])} ({alive}; {lease}) since {since}."
    if task["status"] == "todo":
        waits = wording.as_commands(plain.line(task.get("reason") or "Reserved."))
        return f"Not ready: {waits}" if not task["ready"] else "Ready: `agentboard next` may give it to you."
    status = _DONE_VIA.get(task.get("done_via") or "", task["status"])
    return f"{plain.line(status)} since {since}."


def _facts(task: dict[str, Any]) -> str:
    return plain.facts(
        [
            ("project", task["project"]),
            ("depends on", plain.listed(task["depends_on"])),
            ("part of", task["parent"]),
            ("skills", plain.listed(task["skills"])),
            ("written by", task["created_by"]),
            ("external id", task["external_id"]),
            ("stale after", task["stale_after"]),
            *((name.replace("_", " "), task.get(name)) for name in _DATES),
        ]
    )
