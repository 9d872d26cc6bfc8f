"""`agentboard agents`: who there is, and what I can do."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import quote

from agentboard.cli import commands, exits, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `agents`."""
    parser = commands.add(
        subparsers,
        "agents",
        _agents,
        summary="list who there is, or read or change one agent",
        about="Tasks that need skills are given only to agents that have them all: say which you have.",
        example="agentboard agents\nagentboard agents link --skill python --skill sql --wip-limit 2",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="only this agent")
    parser.add_argument(
        "--skill", dest="skills", metavar="SKILL", action="append", help="it has; once for each"
    )
    parser.add_argument("--wip-limit", type=int, metavar="N", help="how many tasks it may hold at once")
    parser.add_argument("--role", metavar="TEXT", help="what it is for")
    parser.add_argument("--kind", choices=["agent", "human"])
    parser.add_argument("--after", metavar="NAME", help="go on where an earlier list ended")
    parser.add_argument("--limit", type=int, help="at most this many")


def _agents(board: Connection, options: argparse.Namespace) -> Outcome:
    facts = {name: getattr(options, name) for name in ("skills", "wip_limit", "role", "kind")}
    changes = {name: value for name, value in facts.items() if value is not None}
    if options.name is None:
        if changes:
            raise exits.Failure(exits.BAD_INPUT, "Nobody is named.", fix="Name the agent to change.")
        return _list(board, options)
    path = f"/agents/{quote(options.name, safe='')}"
    answer = board.patch(path, changes) if changes else board.get(path)
    return Outcome(answer, _line(answer.body))


def _list(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/agents", limit=options.limit, after=options.after)
    lines = [_line(agent) for agent in answer.body["agents"]]
    if after := answer.body.get("next_after"):
        lines.append(f"There is more: add --after {plain.line(after)}")
    return Outcome(answer, "\n".join(lines) or "Nobody is registered yet.")


def _line(agent: dict[str, Any]) -> str:
    about = plain.facts(
        [
            ("", "human" if agent["kind"] == "human" else None),
            ("", agent["role"]),
            ("holds", plain.listed(agent["holds"])),
            ("wip limit", agent["wip_limit"]),
            ("skills", plain.listed(agent["skills"])),
            ("paused until", agent["paused_until"]),
            ("says", agent["note"]),
        ]
    )
    return f"{agent['name']} {agent['presence']} [{about}]"
