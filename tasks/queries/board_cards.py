"""Cards: the facts of a task that the board shows, for any number of tasks in two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from tasks.models import Review, Status, Task, Verdict
from tasks.queries import board_columns

# Ticks drawn for one task; a list of criteria that is longer is told by its number.
TICKS = 12
_FIELDS = (
    *("id", "title", "status", "priority", "claimable", "attempts", "rejections", "asks_human"),
    *("created_at", "status_since", "finished_at", "stale_at", "last_word_at", "lease_expires_at"),
    *("criteria_count", "open_blockers", "not_before", "assignee__name", "reviewer__name", "reviewer__kind"),
)


@dataclass(frozen=True)
class Card:
    """One task on the board. `place` is where it stands in its `column`; `since`, when it came there.

    `until` is when it would be taken back from its holder, whose last word was at `spoken`. `ticks` say for each
    criterion of a task in review what the last review of it found: met, unmet, or unjudged.
    """

    id: int
    title: str
    column: str
    place: str
    priority: int
    assignee: str | None
    reviewer: str | None
    reviewer_is_human: bool
    since: datetime
    stale: bool
    spoken: datetime | None
    until: datetime | None
    left: float | None
    attempts: int
    rejections: int
    asks_human: str
    waits: str
    criteria: int
    ticks: Sequence[str]

    @property
    def ref(self) -> str:
        """The id people and agents write."""
        return f"T-{self.id}"

    @property
    def percent(self) -> int:
        """How much of the lease is left, in hundredths."""
        return round(100 * (self.left or 0))

    @property
    def met(self) -> int | None:
        """How many criteria the last review found met; null if there was none."""
        return self.ticks.count("met") if self.rejections else None


def of(ids: Collection[int], *, now: datetime) -> dict[int, Card]:
    """The cards of those of these tasks that stand in a column, by id."""
    rows = list(Task.objects.filter(pk__in=ids).values(*_FIELDS))
    ticks = _ticks([row["id"] for row in rows if row["status"] == Status.VALIDATING])
    found = {}
    for row in rows:
        # On demand Done goes back further than the column does by itself.
        column = "done" if row["status"] == Status.DONE else board_columns.of(row, now=now)
        if column:
            found[row["id"]] = _card(row, column, ticks.get(row["id"], {}), now=now)
    return found


def _card(row: Mapping[str, Any], column: str, verdicts: Mapping[int, bool], *, now: datetime) -> Card:
    until = row["lease_expires_at"]
    return Card(
        id=row["id"],
        title=row["title"],
        column=column,
        place=board_columns.place(column, row),
        priority=row["priority"],
        assignee=row["assignee__name"],
        reviewer=row["reviewer__name"],
        reviewer_is_human=row["reviewer__kind"] == "human",
        since=row["finished_at"] if column == "done" else row["status_since"],
        stale=row["stale_at"] is not None and row["stale_at"] <= now,
        spoken=row["last_word_at"] if until else None,
        until=until,
        left=_left(row["last_word_at"], until, now) if until else None,
        attempts=row["attempts"],
        rejections=row["rejections"],
        asks_human=row["asks_human"],
        waits=_waits(row) if column == "waiting" else "",
        criteria=row["criteria_count"],
        ticks=_drawn(row["criteria_count"], verdicts) if column == "validating" else (),
    )


def _left(spoken: datetime, until: datetime, now: datetime) -> float:
    """The share of the lease that is left, 1 to 0."""
    whole = (until - spoken).total_seconds()
    return min(1.0, max(0.0, (until - now).total_seconds() / whole)) if whole > 0 else 0.0


def _waits(row: Mapping[str, Any]) -> str:
    if not row["criteria_count"]:
        return "has no criteria yet"
    if row["open_blockers"]:
        return f"waits for {row['open_blockers']} task{'' if row['open_blockers'] == 1 else 's'}"
    return f"not before {row['not_before']:%Y-%m-%d %H:%M} UTC" if row["not_before"] else ""


def _drawn(criteria: int, verdicts: Mapping[int, bool]) -> list[str]:
    words = {True: "met", False: "unmet", None: "unjudged"}
    return [words[verdicts.get(number)] for number in range(1, min(criteria, TICKS) + 1)]


def _ticks(task_ids: Sequence[int]) -> dict[int, dict[int, bool]]:
    """The verdicts of the last review of each of these tasks, by the criterion's number."""
    of_task = Review.objects.filter(submission__task=OuterRef("pk")).order_by("-submission__number")
    last = Task.objects.filter(pk__in=task_ids, rejections__gt=0).values(
        review=Subquery(of_task.values("pk")[:1])
    )
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    verdicts = Verdict.objects.filter(review__in=last)
    for task_id, number, met in verdicts.values_list("criterion__task", "criterion__number", "met"):
        found[task_id][number] = met
    return found
