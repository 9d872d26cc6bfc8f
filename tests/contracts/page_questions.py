"""What the pages of the digest and of the agents ask of the database, for its plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tasks.domain import agents
from tasks.queries import finding, flows, held_time, roster, track_record
from tests.benchmarks import filling

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
HANDFUL = 150


def moves() -> object:
    """Of half a day, in which 36 tasks were approved."""
    return flows.changes(since=NOW - timedelta(hours=12))


def hands() -> object:
    """What ended after all that did, and what is in work."""
    return held_time.by_agent(NOW, until=NOW)


def attempts(name: str) -> Callable[[], object]:
    return lambda: roster.attempts(agents.find(name), limit=30, before=None)


# What is asked, how many rows of the large tables one statement may read, and the indexes it cannot do without.
QUESTIONS: dict[str, tuple[Callable[[], object], int, str | None]] = {
    "what has moved in a period": (moves, 3 * HANDFUL, "event_by_kind"),
    "how long tasks were held": (hands, 2 * HANDFUL, "attempt_by_end"),
    "what came of the work lately": (lambda: track_record.since(LATER), HANDFUL, "attempt_by_end"),
    "the attempts of an agent with many": (attempts(filling.VETERAN), HANDFUL, None),
    "the attempts of an agent with few": (attempts("holder-3"), HANDFUL, "attempt_by_agent"),
    "a search": (lambda: finding.page("4711", status=None, limit=25, before=None), HANDFUL, None),
    "a search by an id": (lambda: finding.named("T-4711"), HANDFUL, None),
}
