"""Questions: what an operator wants to know first, each answered by one look into an index and a link to the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import durations
from tasks.admin import showing, standings
from tasks.models import Agent, Task

COUNTED_TO = 50


@dataclass(frozen=True)
class Answer:
    """How many there are of something that wants an operator, in words (`50+`), since when, and where they are."""

    name: str
    means: str
    count: str
    is_news: bool
    since: SafeString | str
    address: str


@dataclass(frozen=True)
class _Question:
    name: str
    means: str
    model: type[Agent | Task]
    standing: str
    # The column the rows are read in the order of, and whether it says since when they are so.
    order: str
    dated: bool = True


def answers(*, now: datetime) -> list[Answer]:
    """What is stuck and who is missing, in a query each."""
    return [_answer(one, now=now) for one in _QUESTIONS]


def told(
    name: str,
    means: str,
    address: str,
    times: Sequence[datetime | None],
    *,
    now: datetime,
    form: str = "for {}",
) -> Answer:
    """The answer that rows make, of which COUNTED_TO + 1 at most were read; the first time is told in this form."""
    count = f"{COUNTED_TO}+" if len(times) > COUNTED_TO else str(len(times))
    since = format_html(form, showing.age(times[0], now=now)) if times and times[0] else ""
    return Answer(name, means, count, bool(times), since, address)


def _answer(question: _Question, *, now: datetime) -> Answer:
    conditions: dict[str, Callable[[datetime], Any]]
    conditions = standings.TASKS if question.model is Task else standings.AGENTS
    rows: QuerySet[Any] = question.model._default_manager.filter(conditions[question.standing](now))
    times = list(rows.order_by(question.order).values_list(question.order, flat=True)[: COUNTED_TO + 1])
    address = reverse(f"admin:tasks_{question.model._meta.model_name}_changelist")
    return told(
        question.name,
        question.means.format(**_spans()),
        f"{address}?is={question.standing}",
        times if question.dated else [None] * len(times),
        now=now,
    )


def _spans() -> dict[str, str]:
    lengths = {
        "stale": settings.STALE_AFTER,
        "late": settings.REVIEW_AFTER,
        "blocked": settings.BLOCKED_ALERT,
        "offline": settings.OFFLINE_AFTER,
    }
    return {name: durations.write(int(length.total_seconds())) for name, length in lengths.items()}


# What a question means names the settings that decide it. The order is the one they are asked in.
_QUESTIONS = (
    _Question("Ask a human", "Nobody but a person moves them on.", Task, "asks-a-human", "id", dated=False),
    _Question("Stale", "In work, and no word of the holder for {stale}.", Task, "stale", "stale_at"),
    _Question(
        "Silent agents", "They hold tasks, and were not seen for {offline}.", Agent, "silent", "last_seen_at"
    ),
    _Question(
        "Reviews too long", "Handed in more than {late} ago.", Task, "review-waits-too-long", "status_since"
    ),
    _Question("Blocked too long", "For more than {blocked}.", Task, "blocked-too-long", "status_since"),
    _Question(
        "Kept for the absent",
        "Reserved for agents that were not seen for {offline}.",
        Task,
        "kept-for-the-absent",
        "assignee_id",
        dated=False,
    ),
    _Question(
        "Without criteria",
        "Given to nobody until they have some.",
        Task,
        "without-criteria",
        "id",
        dated=False,
    ),
)
