"""What a reviewer reads: a task with its criteria, and what its worker has handed in for each of them."""

from __future__ import annotations

from typing import Any

from agentboard.cli import packets, plain, wording


def shown(packet: dict[str, Any]) -> str:
    """One packet of a review."""
    task, submission = packet["task"], packet["submission"]
    by, number = plain.line(submission["by"]), submission["id"]
    parts = [
        "\n".join([packets.heading(task), f"Submission {number} by {by} is yours to judge.", packets.LEGEND]),
        packets.section("Description", task["description"]),
        packets.criteria(task["done_criteria"]),
        packets.section("What was done", submission["summary"]),
        _evidence(submission["evidence"]),
        packets.section("Caveats", submission["caveats"]),
        packets.section("Artifacts", "\n".join(_artifact(one) for one in submission["artifacts"])),
        packets.log(packet),
        f"Next: {wording.as_commands(plain.line(packet['next_step']))}",
    ]
    return "\n\n".join(part for part in parts if part)


def _evidence(rows: list[dict[str, Any]]) -> str:
    entries = [f"For criterion {row['criterion']}:\n{plain.quoted(row['text'])}" for row in rows]
    return "\n".join(["## Evidence, as its worker gives it", *entries])


def _artifact(artifact: dict[str, str]) -> str:
    return f"{plain.line(artifact['label'])}: {plain.line(artifact['url'])}"
