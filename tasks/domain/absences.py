"""Absences: who went offline and who came back, told once each."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db.models import QuerySet

from tasks.domain import events, rounds
from tasks.domain.followers import Happening
from tasks.models import Agent
from tasks.queries import presence


def notice(*, now: datetime) -> int:
    """Record `agent.presence` for whoever is offline, or is back, since this was last looked at; gives how many.

    Only its own calls are an agent's sign of life; nobody who was never seen is offline. A heartbeat that says
    something else tells it at once (`tasks.domain.agents`).
    """
    return rounds.go(partial(_notice_some, now=now))


def _notice_some(most: int, *, now: datetime) -> int:
    limit = now - settings.OFFLINE_AFTER
    gone = _lock(Agent.objects.filter(gone_at=None, last_seen_at__lte=limit), most)
    Agent.objects.filter(pk__in=[agent.pk for agent in gone]).update(gone_at=now)
    back = _lock(Agent.objects.filter(gone_at__isnull=False, last_seen_at__gt=limit), most)
    Agent.objects.filter(pk__in=[agent.pk for agent in back]).update(gone_at=None)
    told = presence.of_each([*gone, *back], now=now)
    events.record_all(
        [Happening("agent.presence", now, None, one.agent, {"status": one.state}) for one in told]
    )
    return len(gone) + len(back)


def _lock(agents: QuerySet[Agent], most: int) -> list[Agent]:
    # An agent whose row is locked is making a call at this moment; there is another look soon.
    return list(agents.order_by("pk").select_for_update(skip_locked=True, no_key=True)[:most])
