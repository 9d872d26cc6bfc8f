"""Parcels: which events webhooks want, and what waits to be sent to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from tasks.models import Delivery, Event, Webhook
from tasks.queries.event_log import Entry


@dataclass(frozen=True)
class Parcel:
    """A delivery that is due. `name` is the same at every try, and no other delivery's on any board."""

    delivery_id: int
    name: str
    tries: int
    entry: Entry


def least_cursor() -> int | None:
    """How far the webhook has looked that has looked least far; None if none is on."""
    found: int | None = Webhook.objects.filter(disabled_at=None).aggregate(least=Min("cursor"))["least"]
    return found


def behind(newest: int) -> QuerySet[Webhook]:
    """The webhooks that have not looked at every event up to the number `newest`."""
    return Webhook.objects.filter(disabled_at=None, cursor__lt=newest).order_by("pk")


def ready(now: datetime) -> QuerySet[Webhook]:
    """The webhooks that may be sent to and have something due, those first that were served the longest time ago."""
    due = Delivery.objects.filter(webhook=OuterRef("pk"), state=Delivery.State.WAITING, next_try_at__lte=now)
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    rested = Q(resting_until=None) | Q(resting_until__lte=now)
    found = Webhook.objects.filter(free & rested, Exists(due), disabled_at=None)
    return found.order_by(F("leased_until").asc(nulls_first=True), "pk")


def wanted(webhook: Webhook, *, after: int, until: int, tested: str) -> list[int]:
    """The ids of the events after `after` up to `until` that the webhook is told of, in their order.

    An event of the kind `tested` is for the webhook that it names.
    """
    wanted = ~Q(kind=tested)
    if webhook.kinds:
        wanted &= Q(kind__in=webhook.kinds)
    if webhook.project_id:
        wanted &= Q(task__project_id=webhook.project_id)
    for_it = Q(kind=tested, data__webhook=webhook.pk)
    found = Event.objects.filter(wanted | for_it, seq__gt=after, seq__lte=until)
    return list(found.order_by("seq").values_list("pk", flat=True))


def due(webhook: Webhook, *, now: datetime, most: int) -> list[Parcel]:
    """Up to `most` parcels that are due, those first that have waited longest, which is the order of their events."""
    event = ("seq", "at", "kind", "task_id", "agent__name", "data")
    rows: Any = (
        waiting(webhook)
        .filter(next_try_at__lte=now)
        .values_list("pk", "event_id", "tries", *(f"event__{name}" for name in event))
    )
    return [Parcel(pk, f"{webhook.key}-{of}", tries, Entry(*rest)) for pk, of, tries, *rest in rows[:most]]


def waiting(webhook: Webhook) -> QuerySet[Delivery]:
    """The deliveries that wait for the webhook, those first that are due first."""
    return Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING).order_by(
        "next_try_at", "pk"
    )
