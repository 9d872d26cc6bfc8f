"""The rail of the board: who is here with what, and what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from tasks.models import Agent, Event, Status, Task
from tasks.queries import event_log, presence, roster

SHOWN = 40
HAPPENINGS = 20
_HELD_SHOWN = 3
# What changes the board; the rest (a heartbeat, a message) has its own pages.
_NEWS = 60
_ORDER = ("working", "reviewing", "blocked", "idle", "offline")


@dataclass(frozen=True)
class Held:
    """A task somebody holds."""

    id: int
    title: str
    since: datetime


@dataclass(frozen=True)
class Member:
    """An agent that is here, or is not and holds something all the same."""

    name: str
    human: bool
    state: str
    note: str
    seen: datetime | None
    holds: list[Held]
    more: int


@dataclass(frozen=True)
class Happening:
    """One line of the ticker; `who` null is the board itself."""

    seq: int
    at: datetime
    who: str | None
    what: str
    task_id: int | None


@dataclass(frozen=True)
class Rail:
    """Who is here (the first SHOWN), how many more there are, how many are not, how many of the team (no humans) are
    paused, and the newest happenings."""

    members: list[Member]
    more: int
    away: int
    team: int
    paused: int
    happenings: list[Happening]


def drawn(*, now: datetime) -> Rail:
    """The rail at `now`, in a fixed number of queries."""
    holding = Q(pk__in=Task.objects.filter(status=Status.DOING).values("assignee"))
    there = Agent.objects.filter(presence.here(now) | holding)
    found = presence.of_each(list(there.order_by("name")[: SHOWN + 1]), now=now)
    counts, present = roster.counts(now=now), there.count()
    held = _held([pk for one in found for pk in one.holds[:_HELD_SHOWN]])
    members = [_member(one, held) for one in found[:SHOWN]]
    members.sort(key=lambda member: _ORDER.index(member.state))
    return Rail(
        members,
        present - len(members),
        counts["all"] - present,
        counts["team"],
        counts["team_paused"],
        happenings(event_log.newest()),
    )


def happenings(newest: int) -> list[Happening]:
    """What happened last up to the event `newest`, the newest first."""
    rows = Event.objects.filter(seq__gt=newest - _NEWS, seq__lte=newest).order_by("-seq")
    told: Any = rows.values_list("seq", "at", "agent__name", "kind", "task_id")
    lines = [
        Happening(seq, at, who, WORDS[kind], task_id) for seq, at, who, kind, task_id in told if kind in WORDS
    ]
    return lines[:HAPPENINGS]


WORDS = {
    "task.created": "wrote",
    "task.imported": "imported",
    "task.claimed": "claimed",
    "task.submitted": "handed in",
    "task.approved": "approved",
    "task.rejected": "rejected",
    "task.overridden": "closed without a review",
    "task.handed_off": "handed off",
    "task.read_back": "read back the handoff of",
    "task.blocked": "is blocked on",
    "task.unblocked": "unblocked",
    "task.released": "released",
    "task.reclaimed": "took back",
    "task.given_up": "gave up on",
    "task.stale": "heard nothing about",
    "task.cancelled": "cancelled",
    "task.reopened": "re-opened",
    "task.criteria_amended": "amended the criteria of",
    "task.edited": "edited",
    "task.commented": "commented on",
    "task.review_taken": "reviews",
    "task.human_answered": "answered the question of",
    "task.reserved": "kept for somebody:",
    "task.unreserved": "freed for anyone:",
    "task.reservation_lapsed": "no longer keeps for anybody",
    "task.deferral_ended": "says that the day has come of",
    "task.review_passed": "passed on the review of",
}


def _held(ids: list[int]) -> dict[int, Held]:
    rows = Task.objects.filter(pk__in=ids).values_list("id", "title", "status_since")
    return {row[0]: Held(*row) for row in rows}


def _member(one: presence.Presence, held: dict[int, Held]) -> Member:
    agent = one.agent
    shown = [held[pk] for pk in one.holds[:_HELD_SHOWN] if pk in held]
    return Member(
        agent.name,
        agent.kind == Agent.Kind.HUMAN,
        one.state,
        agent.said_note,
        agent.last_seen_at,
        shown,
        len(one.holds) - len(shown),
    )
