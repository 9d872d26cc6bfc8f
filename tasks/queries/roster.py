"""Roster: who there is, what each has in its hands since when, and what came of its work lately; in pages by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from tasks.models import Agent, Attempt, Status, Task
from tasks.queries import presence, track_record

LATELY = timedelta(days=7)
# Of what one agent has in its hands; it may be allowed a thousand.
SHOWN = 5


@dataclass(frozen=True)
class Line:
    """An agent with its presence. `holds` and `reviews` are the first SHOWN tasks, of as many as the counts say."""

    agent: Agent
    state: str
    holds: list[Task]
    holds_count: int
    reviews: list[Task]
    lately: Counter[str]

    @property
    def holds_more(self) -> int:
        """How many of what it holds are not in `holds`."""
        return self.holds_count - len(self.holds)


def page(*, limit: int, after: str, which: str, now: datetime) -> tuple[list[Line], str | None]:
    """Up to `limit` agents by name, those after the name `after`, and the `after` of the next page (None: no more).

    `which`: `all`, those who are `here` (not offline), those who are `paused`. A fixed number of queries.
    """
    rows = list(_which(which, now=now).filter(name__gt=after).order_by("name")[: limit + 1])
    return of_each(rows[:limit], now=now), (rows[limit - 1].name if len(rows) > limit else None)


def of_each(agents: list[Agent], *, now: datetime) -> list[Line]:
    """The lines of these agents."""
    found = presence.of_each(agents, now=now)
    tasks = _tasks(pk for one in found for pk in one.holds[:SHOWN])
    reviews = _leased(agents, now=now)
    lately = track_record.since(now - LATELY)
    return [
        Line(
            one.agent,
            one.state,
            [tasks[pk] for pk in one.holds[:SHOWN] if pk in tasks],
            len(one.holds),
            reviews[one.agent.pk][:SHOWN],
            lately.get(one.agent.name, Counter()),
        )
        for one in found
    ]


def counts(*, now: datetime) -> dict[str, int]:
    """How many agents there are in each of what `page` takes, and of all how many are `team`: no humans."""
    team = Q(kind=Agent.Kind.AGENT)
    return Agent.objects.aggregate(
        all=Count("pk"),
        here=Count("pk", filter=presence.here(now)),
        paused=Count("pk", filter=_paused(now)),
        team=Count("pk", filter=team),
        team_paused=Count("pk", filter=team & _paused(now)),
    )


def named(beginning: str, *, limit: int) -> list[Agent]:
    """Up to `limit` agents by name whose names begin so."""
    return list(Agent.objects.filter(name__startswith=beginning).order_by("name")[:limit])


def attempts(agent: Agent, *, limit: int, before: int | None) -> tuple[list[Attempt], int | None]:
    """Up to `limit` of the agent's attempts with their tasks, newest first, with ids below `before`; and the `before`
    of the next page."""
    made = Attempt.objects.filter(agent=agent).order_by("-pk").select_related("task")
    made = made.defer("task__description", "task__origin")
    rows = list((made.filter(pk__lt=before) if before else made)[: limit + 1])
    return rows[:limit], (rows[limit - 1].pk if len(rows) > limit else None)


def _which(which: str, *, now: datetime) -> QuerySet[Agent]:
    conditions = {"here": presence.here(now), "paused": _paused(now)}
    return Agent.objects.filter(conditions.get(which, Q()))


def _paused(now: datetime) -> Q:
    return Q(paused_until__gt=now)


def _tasks(ids: Iterable[int]) -> dict[int, Task]:
    tasks = Task.objects.filter(pk__in=list(ids)).defer("description", "origin")
    return {task.pk: task for task in tasks}


def _leased(agents: list[Agent], *, now: datetime) -> dict[int, list[Task]]:
    """What each of them has been given to review, by agent."""
    found: dict[int, list[Task]] = defaultdict(list)
    leased = Task.objects.filter(status=Status.VALIDATING, review_until__gt=now, reviewer__in=agents)
    for task in leased.order_by("status_since", "pk").defer("description", "origin"):
        found[task.reviewer_id or 0].append(task)
    return found
