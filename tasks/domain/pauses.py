"""Pauses: agents that are given no work for a while. What an agent holds it keeps, and may finish.

`claims` looks at `paused_until`; a pause without an end is one until `team_pause.FOR_GOOD`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from tasks.domain import agents, events, transactions
from tasks.domain.refusals import Invalid
from tasks.models import Agent
from tasks.queries import team_pause


def pause(agent: Agent, *, until: datetime | None, by: Agent, now: datetime) -> Agent:
    """Give the agent no work until then (None: until it is resumed). A time that has passed is refused as Invalid."""
    return agents.change(agent, by=by, now=now, paused_until=_end(until, now=now))


def resume(agent: Agent, *, by: Agent, now: datetime) -> Agent:
    """Give the agent work again."""
    return agents.change(agent, by=by, now=now, paused_until=None)


def pause_all(*, until: datetime | None, by: Agent, now: datetime) -> int:
    """Pause every AI agent there is, and give their number. One that is paused for longer stays so.

    One that registers later is paused too (`agents`). Refused as `pause` is.
    """
    end = _end(until, now=now)
    shorter = Q(paused_until=None) | Q(paused_until__lt=end)
    return _all(shorter, end, "team.paused", by=by, now=now, until=until.isoformat() if until else None)


def resume_all(*, by: Agent, now: datetime) -> int:
    """End every pause, whoever began it, and give the number of agents."""
    return _all(Q(paused_until__gt=now), None, "team.resumed", by=by, now=now)


def _all(which: Q, end: datetime | None, event: str, *, by: Agent, now: datetime, **facts: Any) -> int:
    with transactions.change():
        # Locked in one order, so that two who do this at once do not wait for each other in a circle; nobody else
        # waits for an agent's row while holding another's.
        rows = Agent.objects.filter(which, kind=Agent.Kind.AGENT).order_by("pk")
        locked = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
        Agent.objects.filter(which, pk__in=locked).update(paused_until=end)
        events.record(event, now=now, by=by, agents=len(locked), **facts)
    return len(locked)


def _end(until: datetime | None, *, now: datetime) -> datetime:
    if until is not None and until <= now:
        raise Invalid(
            {"until": [f"A pause ends in the future; {until:%Y-%m-%d %H:%M} UTC has passed."]},
            fix="Name a later time, or none for a pause until it is ended.",
        )
    return until or team_pause.FOR_GOOD
