"""Showing: what the board's templates need beside the facts, worded and measured."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tasks import durations
from tasks.queries import board_columns
from tasks.queries.board_answers import Answers

# The sparkline's box, in its own units: a bar and the space beside it make a step.
HEIGHT, STEP, BAR = 20, 6, 4

# What a person can do with a card of a column: the verb, and the word on its button.
ACTIONS = {
    "ready": ("claim", "Claim"),
    "doing": ("release", "Release"),
    "blocked": ("unblock", "Unblock"),
    "validating": ("review", "Review"),
    "done": ("reopen", "Re-open"),
}
EMPTY = {
    "waiting": "Nothing waits. A task without criteria, or one that depends on others, waits here.",
    "ready": "Nothing is ready. A task with done criteria and nothing to wait for comes here.",
    "doing": "Nobody holds a task. An agent that asks for work gets one, and it comes here.",
    "blocked": "Nothing is blocked. A holder that cannot go on says what it needs, and its task comes here.",
    "validating": "Nothing waits for a review. Work that is handed in with its evidence comes here.",
    "done": "Nothing was finished in the last 24 hours. What a reviewer approves comes here.",
}


def counted(count: int) -> str:
    """A count that stops: `12`, or `1,000+`."""
    return f"{board_columns.COUNTED_TO:,}+" if count > board_columns.COUNTED_TO else f"{count:,}"


def strip(answers: Answers) -> dict[str, Any]:
    """The four answers as they are shown."""
    rate = answers.shipped.rejection_rate
    return {
        "moving": answers.moving,
        "bars": bars(answers.moving.buckets),
        "spark_width": STEP * len(answers.moving.buckets) - (STEP - BAR),
        "spark_height": HEIGHT,
        "stuck": [
            (kind, counted(count), words)
            for kind, count, words in (
                ("stale", answers.stuck.stale, "stale"),
                ("blocked", answers.stuck.blocked, f"blocked over {_span(settings.BLOCKED_ALERT)}"),
                ("reviews", answers.stuck.reviews, f"unreviewed over {_span(settings.REVIEW_AFTER)}"),
            )
            if count
        ],
        "needs": answers.needs,
        "needs_count": counted(answers.needs["count"]),
        "shipped": counted(answers.shipped.shipped),
        "rejected": counted(answers.shipped.rejected),
        "rate": None if rate is None else f"{rate:.0%}",
    }


def bars(buckets: list[int]) -> list[tuple[int, int, int]]:
    """The bars of the sparkline: x, y and height. Nothing is a line on the ground, so that the hour is seen at all."""
    highest = max([*buckets, 1])
    heights = [max(1, round(HEIGHT * bucket / highest)) for bucket in buckets]
    return [(STEP * at, HEIGHT - height, height) for at, height in enumerate(heights)]


def waiting(counts: dict[str, int] | None) -> tuple[str, str] | None:
    """How much waits, in few words and in more; None for nothing, or where nobody counted."""
    if not counts or not any(counts.values()):
        return None
    words = {"dependent": "on other tasks", "unwritten": "without criteria", "deferred": "for their day"}
    return (
        f"{counted(sum(counts.values()))} waiting",
        ", ".join(f"{counted(counts[kind])} {word}" for kind, word in words.items() if counts[kind]),
    )


def _span(span: Any) -> str:
    return durations.write(int(span.total_seconds()))
