"""`agentboard stats`: what was finished in a period, how long it took, and what was rejected."""

from __future__ import annotations

import argparse
from typing import Any

from agentboard.cli import commands, plain
from agentboard.cli.commands import Outcome
from agentboard.cli.connection import Connection


def add_parser(subparsers: Any) -> None:
    """Add `stats`."""
    parser = commands.add(
        subparsers,
        "stats",
        _stats,
        summary="throughput, cycle and review times, rejections of a period",
        about="Cycle time runs from the first claim to done, review time from a submission to its verdict; both as\n"
        "median and 85th percentile.",
        example="agentboard stats --since 7d",
    )
    parser.add_argument("--since", metavar="DURATION", help="how far back: 12h, 7d (default: 7d)")


def _stats(board: Connection, options: argparse.Namespace) -> Outcome:
    answer = board.get("/stats", since=options.since)
    found = answer.body
    lines = [
        f"{plain.line(found['since'])} to {plain.line(found['until'])}: {_figures(found)}",
        *([f"review time {times}"] if (times := _times(found["review_time"])) else []),
        *(f"{plain.line(day['day'])}: {day['done']} done" for day in found["throughput"]),
        *(f"{plain.line(one['agent'])}: {_figures(one)}" for one in found["by_agent"]),
        *(f"label {plain.line(one['label'])}: {_figures(one)}" for one in found["by_label"]),
    ]
    return Outcome(answer, "\n".join(lines))


def _figures(one: dict[str, Any]) -> str:
    overridden = f", {one['overridden']} of them by override" if one["overridden"] else ""
    rate = "" if one["rejection_rate"] is None else f" ({one['rejection_rate']:.0%} of the reviews)"
    times = _times(one["cycle_time"])
    return f"{one['done']} done{overridden}, {one['rejected']} rejected{rate}{f', cycle time {times}' if times else ''}"


def _times(spread: dict[str, float | None]) -> str:
    if spread["median"] is None or spread["p85"] is None:
        return ""
    return f"{plain.duration(spread['median'])} (85 %: {plain.duration(spread['p85'])})"
