"""Held time: for how long each agent had tasks in its hands."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import DateTimeField, F, Sum, Value
from django.db.models.functions import Greatest

from tasks.models import Agent, Attempt, Status, Task


def by_agent(start: datetime, *, until: datetime) -> Counter[str]:
    """The seconds for which each agent held tasks, from `start` until `until`, which is now; two tasks count twice.

    Read through the index on when an attempt ended; what has not ended is what is in work.
    """
    began = Greatest(F("started_at"), Value(start, DateTimeField()))
    # Not by what an index knows the agents by: SQLite would group in its order, and read every attempt for that.
    ended = Attempt.objects.filter(ended_at__gt=start).order_by().values(holder=F("agent_id") + 0)
    held = Counter[int]()
    for one in ended.annotate(held=Sum(F("ended_at") - began)):
        held[one["holder"]] += _seconds(one["held"])
    in_work = Task.objects.filter(status=Status.DOING).values_list("assignee", "status_since")
    for agent_id, since in in_work:
        assert agent_id is not None
        held[agent_id] += max(0, _seconds(until - max(since, start)))
    names = dict(Agent.objects.filter(pk__in=held).values_list("pk", "name"))
    return Counter({names[agent_id]: seconds for agent_id, seconds in held.items()})


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
