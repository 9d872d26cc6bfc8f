"""Reviewers: who judges a submission. Never a worker of the task, in any attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q

from tasks.domain import asking, lanes
from tasks.models import Agent, Attempt, Status, Task
from tasks.queries import presence

# An agent whose role says what else it is for is not asked on its own account; it may still be named.
ROLES = ("", "reviewer")


def choose(task: Task, *, now: datetime, but: Agent | None = None) -> Agent | None:
    """The agent to review the task: one that may, `but` not this one, with the fewest reviews waiting; None if there
    is nobody.

    An agent may if its role is empty or `reviewer`, it has the skills the task requires, it is not paused, it was seen
    within OFFLINE_AFTER and it has never worked on the task. People are not asked by chance.
    """
    worked = Attempt.objects.filter(task=task, agent=OuterRef("pk"))
    waiting = Count("reviewing", filter=Q(reviewing__status=Status.VALIDATING))
    candidates = (
        Agent.objects.filter(
            Q(paused_until=None) | Q(paused_until__lte=now),
            presence.here(now),
            ~Exists(worked),
            ~Q(pk=but.pk) if but else Q(),
            kind=Agent.Kind.AGENT,
            role__in=ROLES,
        )
        .annotate(waiting=waiting)
        .order_by("waiting", F("last_seen_at").desc(), "name")
    )
    required = set(task.lane.skills)
    return next((agent for agent in candidates if required <= set(agent.skills)), None)


def assigned(task: Task, reviewer: Agent | None, *, now: datetime) -> dict[str, Any]:
    """The columns that make `reviewer` the task's reviewer, with REVIEW_AFTER to judge it. Where there is nobody to
    choose (null), whoever may review it can take it, and a human is asked; somebody found ends that question."""
    lane = lanes.for_task(
        project_id=task.project_id, reviewer_id=reviewer.pk if reviewer else None, skills=task.lane.skills
    )
    columns: dict[str, Any] = {"reviewer": reviewer, "lane": lane}
    if reviewer is None:
        return columns | {"review_until": None, "asks_human": task.asks_human or asking.FOR_A_REVIEWER}
    asks = "" if task.asks_human == asking.FOR_A_REVIEWER else task.asks_human
    return columns | {"review_until": now + settings.REVIEW_AFTER, "asks_human": asks}
