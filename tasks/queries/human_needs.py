"""Human needs: what waits for a human, and nobody else can move."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from tasks import durations
from tasks.models import FINISHED, Agent, Status, Task, Webhook

_OPEN = ~Q(status__in=FINISHED)


def found(*, now: datetime, listed: int, counted_to: int) -> dict[str, Any]:
    """The count of what needs a human and up to `listed` of it, each with why and for how many seconds.

    A task that asks a human; one that is blocked for BLOCKED_ALERT; one whose reviewer is human. Each task once, in
    that order, the oldest first. Besides tasks the webhooks that the board itself has turned off.
    """
    items: list[dict[str, Any]] = []
    count = 0
    for tasks, why in _groups(now):
        count += tasks.order_by().values("pk")[:counted_to].count()
        rows = tasks.select_related("reviewer").defer("description", "origin")
        for task in rows.order_by("status_since", "pk")[: max(0, listed - len(items))]:
            seconds = int((now - task.status_since).total_seconds())
            reason = why.format(
                asks=task.asks_human, reviewer=task.reviewer, alert=_written(settings.BLOCKED_ALERT)
            )
            items.append({"id": task.ref, "title": task.title, "why": reason, "for": seconds})
    webhooks = _turned_off(now)
    count += len(webhooks)
    return {"count": min(count, counted_to), "tasks": items, "webhooks": webhooks[:listed]}


def ids(*, now: datetime, most: int) -> frozenset[int]:
    """The ids of up to `most` tasks of each kind that needs a human."""
    return frozenset(
        task_id
        for tasks, _ in _groups(now)
        for task_id in tasks.order_by("status_since", "pk").values_list("pk", flat=True)[:most]
    )


def _groups(now: datetime) -> list[tuple[QuerySet[Task], str]]:
    asking = ~Q(asks_human="") & _OPEN
    blocked = Q(status=Status.BLOCKED, status_since__lte=now - settings.BLOCKED_ALERT)
    to_review = Q(status=Status.VALIDATING, reviewer__kind=Agent.Kind.HUMAN)
    return [
        (Task.objects.filter(asking), "{asks}"),
        (Task.objects.filter(blocked, asks_human=""), "blocked for more than {alert}"),
        (Task.objects.filter(to_review, asks_human=""), "waits for a review by {reviewer}"),
    ]


def _turned_off(now: datetime) -> list[dict[str, Any]]:
    # Those that a person has turned off are not failing any more.
    off = Webhook.objects.filter(disabled_at__isnull=False, failing_since__isnull=False)
    return [
        {"id": one.pk, "why": one.disabled_why, "for": int((now - one.disabled_at).total_seconds())}
        for one in off.order_by("disabled_at", "pk")
        if one.disabled_at
    ]


def _written(span: Any) -> str:
    return durations.write(int(span.total_seconds()))
