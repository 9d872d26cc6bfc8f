"""Standings: what the status of a task does not say, as conditions that an index answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from tasks.models import Agent, DoneVia, Status, Task
from tasks.queries import presence

_HELD = Task.objects.filter(status=Status.DOING, assignee=OuterRef("pk"))
TASKS: dict[str, Callable[[datetime], Q]] = {
    "stale": lambda now: Q(status=Status.DOING, stale_at__lte=now),
    "blocked-too-long": lambda now: Q(status=Status.BLOCKED, status_since__lte=now - settings.BLOCKED_ALERT),
    "review-waits-too-long": lambda now: Q(
        status=Status.VALIDATING, status_since__lte=now - settings.REVIEW_AFTER
    ),
    "review-overdue": lambda now: Q(status=Status.VALIDATING, review_until__lte=now),
    "asks-a-human": lambda now: ~Q(asks_human=""),
    "kept-for-the-absent": lambda now: (
        Q(status=Status.TODO, claimable=True, assignee__isnull=False)
        & Q(assignee__in=Agent.objects.filter(presence.away(now)).values("pk"))
    ),
    "ready": lambda now: Q(claimable=True, assignee=None),
    "reserved": lambda now: Q(status=Status.TODO, assignee__isnull=False),
    "waiting": lambda now: Q(status=Status.TODO, open_blockers__gt=0),
    "deferred": lambda now: Q(deferred=True, not_before__isnull=False),
    "without-criteria": lambda now: Q(status=Status.TODO, criteria_count=0),
    "waiting-for-review": lambda now: Q(status=Status.VALIDATING),
    "overridden": lambda now: Q(status=Status.DONE, done_via=DoneVia.OVERRIDE),
}
AGENTS: dict[str, Callable[[datetime], Q]] = {
    "silent": lambda now: presence.away(now) & Q(Exists(_HELD)),
    "here": presence.here,
    "offline": presence.away,
    "paused": lambda now: Q(paused_until__gt=now),
}
# The order of the index that finds them, where that is not by id.
ORDERS = {
    "ready": ["priority", "created_at", "id"],
    "waiting": ["project_id", "open_blockers"],
    "reserved": ["assignee_id", "priority", "id"],
    "deferred": ["not_before"],
    "stale": ["stale_at"],
    "review-overdue": ["review_until"],
    "blocked-too-long": ["status_since", "id"],
    "review-waits-too-long": ["status_since", "id"],
    "kept-for-the-absent": ["assignee_id", "priority", "created_at", "id"],
}
