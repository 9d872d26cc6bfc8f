"""`agentboard reviews`: what waits to be judged."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `reviews`."""
    parser = commands.add(
        subparsers,
        "reviews",
        _reviews,
        summary="list the tasks that wait for a review",
        about="To get one that you may judge: `agentboard review`.",
        example="agentboard reviews --reviewer rita",
    )
    parser.add_argument("--reviewer", metavar="NAME", help="only those that wait for this agent")
    parser.add_argument("--limit", type=int, help="at most this many (default: 50)")
    parser.add_argument("--after", type=int, metavar="N", help="go on where an earlier list ended")


def _reviews(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/reviews", reviewer=options.reviewer, limit=options.limit, after=options.after)
    lines = [_line(one) for one in answer.body["reviews"]]
    if after := answer.body.get("next_after"):
        lines.append(f"There is more: add --after {plain.line(after)}")
    return Outcome(answer, "\n".join(lines) or "Nothing waits for a review.")


def _line(one: dict[str, Any]) -> str:
    about = plain.facts(
        [
            ("by", one["by"]),
            ("reviewer", one["reviewer"] or "nobody yet"),
            ("since", one["since"]),
            ("kept for its reviewer until", one["review_until"]),
        ]
    )
    return f"{one['task']} {plain.line(one['title'])} [{about}]"
