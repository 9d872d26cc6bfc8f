"""Track record: what came of the agents' work lately, in a few words for each. It costs what happened in the period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.db.models import Count, F

from tasks.models import Agent, Attempt
from tasks.queries.outcomes import WORKER

SHIPPED, REJECTED = "shipped", "rejected"
# Ends of an attempt that say something by themselves; what was handed in is judged, or will be.
TOLD = (
    Attempt.Outcome.HANDED_OFF,
    Attempt.Outcome.BLOCKED,
    Attempt.Outcome.RECLAIMED,
    Attempt.Outcome.GIVEN_UP,
)

_JUDGED = """
SELECT {worker}, e.kind, count(*) FROM tasks_event e
WHERE e.kind IN ('task.approved', 'task.overridden', 'task.rejected') AND e.at >= %s GROUP BY 1, 2
"""


def since(start: datetime) -> dict[str, Counter[str]]:
    """How many of each agent's tasks were SHIPPED and REJECTED since `start`, and how many attempts ended as TOLD."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, what, count in [*_judged(start), *_ended(start)]:
        found[name][what] += count
    return dict(found)


def _judged(start: datetime) -> Iterator[tuple[str, str, int]]:
    sql = _JUDGED.format(worker=WORKER[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(sql, [connection.ops.adapt_datetimefield_value(start)])
        for name, kind, count in cursor.fetchall():
            if name:
                yield name, REJECTED if kind == "task.rejected" else SHIPPED, count


def _ended(start: datetime) -> Iterator[tuple[str, str, int]]:
    # See `held_time` for the sum.
    ended = Attempt.objects.filter(ended_at__gte=start, outcome__in=TOLD).order_by()
    counted = list(ended.values_list(F("agent_id") + 0, "outcome").annotate(Count("pk")))
    names = dict(Agent.objects.filter(pk__in={row[0] for row in counted}).values_list("pk", "name"))
    return ((names[agent_id], outcome, count) for agent_id, outcome, count in counted)
