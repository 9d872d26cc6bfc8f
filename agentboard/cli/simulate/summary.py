"""The summary of a simulation: what the team did, how fast the board answered, and where it did not keep its word."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from agentboard.cli import plain
from agentboard.cli.simulate.team import Team

# More than this many violations are counted, not listed; the JSON has all.
LISTED = 20
_COUNTS = (
    "claims",
    "found",
    "resumes",
    "comments",
    "submissions",
    "reviews",
    "rejections",
    "deaths",
    "cut_off",
)


def facts(team: Team) -> dict[str, Any]:
    """Everything, as plain JSON."""
    requests = team.timings.count
    return {
        "seconds": round(team.seconds, 2),
        "agents": len(team.members),
        "seed": team.plan.seed,
        **{name: sum(getattr(one, name) for one in team.members) for name in _COUNTS},
        "taken_back": len(team.ledger.taken_back),
        "requests": requests,
        "requests_per_second": round(requests / team.seconds, 1) if team.seconds else 0,
        "calls": {
            name: {what: round(value, 1) for what, value in asdict(spread).items()}
            for name, spread in team.timings.spread().items()
        },
        "left": dict(team.left),
        "violations": list(team.ledger.violations),
    }


def text(found: dict[str, Any]) -> str:
    """The same for people."""
    did = ", ".join(f"{found[name]} {name.replace('_', ' ')}" for name in (*_COUNTS, "taken_back"))
    rows = [
        f"{name:<16}{spread['count']:>9}{spread['p50']:>11.1f}{spread['p99']:>11.1f}"
        for name, spread in found["calls"].items()
    ]
    return "\n".join(
        [
            f"{found['agents']} agents, {found['seconds']:.0f} s, seed {found['seed']}: {did}",
            f"{found['requests']} requests, {found['requests_per_second']:.0f} a second",
            f"{'call':<16}{'count':>9}{'p50 ms':>11}{'p99 ms':>11}",
            *rows,
            *_left(found["left"]),
            *_violations(found["violations"]),
        ]
    )


def _left(found: dict[str, int]) -> list[str]:
    if not found:
        return []
    reasons = ", ".join(f"{count} {why}" for why, count in sorted(found.items()))
    return [f"left, because nobody of the team may be given them: {reasons}"]


def _violations(found: list[str]) -> list[str]:
    if not found:
        return ["no violations: the board kept its word"]
    more = [f"... and {len(found) - LISTED} more"] if len(found) > LISTED else []
    return [f"{len(found)} VIOLATIONS:", *(f"- {plain.line(one)}" for one in found[:LISTED]), *more]
