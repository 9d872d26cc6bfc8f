"""Presence: what each agent is doing, as far as the board can know."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from tasks.models import Agent, Status, Task


@dataclass(frozen=True)
class Presence:
    """An agent, one of working, reviewing, idle, blocked or offline, and the ids of the tasks it holds."""

    agent: Agent
    state: str
    holds: list[int]


def here(now: datetime) -> Q:
    """The condition on agents that gave a sign of life within OFFLINE_AFTER."""
    return Q(last_seen_at__gt=now - settings.OFFLINE_AFTER)


def away(now: datetime, *, of: str = "") -> Q:
    """The condition on all others; `of` leads to the agent from another row (`assignee__`)."""
    seen = f"{of}last_seen_at"
    return Q(**{seen: None}) | Q(**{f"{seen}__lte": now - settings.OFFLINE_AFTER})


def is_here(agent: Agent, *, now: datetime) -> bool:
    """Whether the agent gave a sign of life within OFFLINE_AFTER."""
    return agent.last_seen_at is not None and agent.last_seen_at > now - settings.OFFLINE_AFTER


def of(agent: Agent, *, now: datetime) -> Presence:
    """The presence of one agent."""
    return of_each([agent], now=now)[0]


def page(*, limit: int, after: str, now: datetime) -> list[Presence]:
    """Up to `limit` + 1 agents by name, those after the name `after`, in three queries."""
    return of_each(list(Agent.objects.filter(name__gt=after).order_by("name")[: limit + 1]), now=now)


def of_each(agents: list[Agent], *, now: datetime) -> list[Presence]:
    """The presence of each of these agents, in two queries."""
    holds: dict[int, list[int]] = defaultdict(list)
    held = Task.objects.filter(status=Status.DOING, assignee__in=agents).order_by("pk")
    for agent_id, task_id in held.values_list("assignee", "pk"):
        holds[agent_id].append(task_id)
    leased = Task.objects.filter(status=Status.VALIDATING, review_until__gt=now, reviewer__in=agents)
    reviewing = set(leased.values_list("reviewer", flat=True).distinct())
    return [
        Presence(agent, _state(agent, bool(holds[agent.pk]), agent.pk in reviewing, now=now), holds[agent.pk])
        for agent in agents
    ]


def _state(agent: Agent, holds_something: bool, has_a_review: bool, *, now: datetime) -> str:
    if not is_here(agent, now=now):
        return "offline"
    if agent.said_status in (Agent.Said.BLOCKED, Agent.Said.REVIEWING):
        return agent.said_status
    if holds_something:
        return "working"
    return "reviewing" if has_a_review else "idle"
