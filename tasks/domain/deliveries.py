"""Deliveries: each event that a webhook is told of is one row, made after the fact and tried until it is answered.

Nobody who changes the board waits for a webhook, or pays for one: what there is to send is found by going through the
log in the order of its numbers (`tasks.domain.sequence`), from where each webhook was, so that nothing is missed and
nothing is found twice. Moving the cursor on and writing the rows down is one transaction.

One sender at a time sends to a webhook, under a lease whose token every result must carry. One that is killed between
sending and writing down leaves a lease that runs out, and the same parcel is sent again under the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from tasks.domain import event_kinds, events, rounds, sequence, transactions, webhooks
from tasks.models import Delivery, Webhook
from tasks.queries import event_log, parcels

# Events that one look goes through for one webhook.
LOOKED_THROUGH = 2000
# Longer than a job that sends can take.
LEASE = timedelta(seconds=75)
# Tries of one delivery, over some 20 hours.
MOST_TRIES = 30
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
# A webhook to which nothing got through for so long, in so many tries, is turned off.
FAILS_FOR = timedelta(hours=24)
FAILS_AT_LEAST = 10
KEPT = timedelta(days=7)

_ANSWER = 300


@dataclass(frozen=True)
class Lease:
    """The right to send to a webhook until it runs out, and what is due there."""

    webhook: Webhook
    token: int
    parcels: list[parcels.Parcel]


@dataclass(frozen=True)
class Result:
    """What became of a try: the status of the answer and its beginning, or no status and why there is no answer."""

    status: int | None
    said: str

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300


def are_wanted(*, now: datetime) -> bool:
    """Whether there is anything to look at or to send now. Without a webhook that is on it costs one look."""
    least = parcels.least_cursor()
    if least is None:
        return False
    sequence.catch_up()
    return event_log.newest() > least or parcels.ready(now).exists()


def gather(*, now: datetime) -> int:
    """Write down what is to be sent of what has happened, up to LOOKED_THROUGH events for each webhook; gives how many
    deliveries that makes."""
    sequence.catch_up()
    newest = event_log.newest()
    return sum(_go_on(webhook, newest, now=now) for webhook in parcels.behind(newest))


def lease(*, now: datetime, most_webhooks: int, most_parcels: int) -> list[Lease]:
    """Take webhooks that have something due, each with its parcels; what another sender has taken is left to it."""
    taken = []
    for webhook in parcels.ready(now)[:most_webhooks]:
        seen = Webhook.objects.filter(pk=webhook.pk, lease_token=webhook.lease_token, disabled_at=None)
        with transactions.statement():
            mine = seen.update(lease_token=F("lease_token") + 1, leased_until=now + LEASE)
        if mine:
            due = parcels.due(webhook, now=now, most=most_parcels)
            taken.append(Lease(webhook, webhook.lease_token + 1, due))
    return taken


def release(lease: Lease, *, now: datetime) -> None:
    """Let others send to the webhook."""
    with transactions.statement():
        _held(lease).update(leased_until=now)


def write_down(lease: Lease, parcel: parcels.Parcel, result: Result, *, now: datetime, jitter: float) -> bool:
    """Write down what became of a try; False, and nothing is written, where another sender has the lease by now.

    After a failure both the delivery and the webhook pause (see `pause`); `jitter` is 0 to 1, at random.
    """
    with transactions.change():
        webhook = (
            Webhook.objects.select_for_update(no_key=True)
            .filter(pk=lease.webhook.pk, lease_token=lease.token)
            .first()
        )
        if webhook is None:
            return False
        if result.is_success:
            _succeed(webhook, parcel, result, now=now)
        else:
            _fail(webhook, parcel, result, now=now, jitter=jitter)
        return True


def pause(failures: int, *, jitter: float) -> timedelta:
    """How long to wait after so many failures in a row: FIRST_PAUSE, doubled each time up to LONGEST_PAUSE, and up to a
    quarter more, so that what failed together does not come back together."""
    plain: timedelta = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
    return plain + plain * (jitter / 4)


def send_again(delivery: Delivery, *, now: datetime) -> None:
    """Have a delivery sent now, whatever became of it, with all its tries. Refuses it as Off where its webhook is."""
    with transactions.change():
        if not Webhook.objects.filter(pk=delivery.webhook_id, disabled_at=None).update(resting_until=None):
            raise webhooks.refuse_off(delivery.webhook)
        Delivery.objects.filter(pk=delivery.pk).update(
            state=Delivery.State.WAITING, tries=0, next_try_at=now, ended_at=None
        )


def prune(*, now: datetime) -> int:
    """Remove deliveries that ended KEPT ago, and those that wait for a webhook that is off for as long."""
    return rounds.go(lambda most: _prune(now - KEPT, most))


def _go_on(webhook: Webhook, newest: int, *, now: datetime) -> int:
    until = min(newest, webhook.cursor + LOOKED_THROUGH)
    with transactions.change():
        here = Webhook.objects.filter(pk=webhook.pk, cursor=webhook.cursor, disabled_at=None)
        if not here.update(cursor=until):
            return 0
        wanted = parcels.wanted(webhook, after=webhook.cursor, until=until, tested=event_kinds.TESTED)
        Delivery.objects.bulk_create(
            [Delivery(webhook=webhook, event_id=event, next_try_at=now, created_at=now) for event in wanted],
            batch_size=500,
        )
        return len(wanted)


def _succeed(webhook: Webhook, parcel: parcels.Parcel, result: Result, *, now: datetime) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(failures=0, failing_since=None, resting_until=None)
    ended = {"state": Delivery.State.DELIVERED, "next_try_at": None, "ended_at": now}
    _tried(parcel, result, now=now, **ended)


def _fail(webhook: Webhook, parcel: parcels.Parcel, result: Result, *, now: datetime, jitter: float) -> None:
    failures, since = webhook.failures + 1, webhook.failing_since or now
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=failures, failing_since=since, resting_until=now + pause(failures, jitter=jitter)
    )
    if parcel.tries + 1 >= MOST_TRIES:
        ended = {"state": Delivery.State.GIVEN_UP, "next_try_at": None, "ended_at": now}
        _tried(parcel, result, now=now, **ended)
    else:
        _tried(parcel, result, now=now, next_try_at=now + pause(parcel.tries + 1, jitter=jitter))
    if failures >= FAILS_AT_LEAST and now - since >= FAILS_FOR:
        _turn_off(webhook, result, now=now)


def _tried(parcel: parcels.Parcel, result: Result, *, now: datetime, **columns: object) -> None:
    waiting = Delivery.objects.filter(pk=parcel.delivery_id, state=Delivery.State.WAITING)
    said = result.said.replace("\0", "")[:_ANSWER]
    waiting.update(tries=F("tries") + 1, tried_at=now, status=result.status, answer=said, **columns)


def _turn_off(webhook: Webhook, result: Result, *, now: datetime) -> None:
    said = f"answer {result.status}" if result.status else result.said
    why = f"Nothing got through since {webhook.failing_since:%Y-%m-%d %H:%M} UTC: {said}"
    on = Webhook.objects.filter(pk=webhook.pk, disabled_at=None)
    if on.update(disabled_at=now, disabled_why=why.replace("\0", "")[:_ANSWER]):
        events.record("webhook.disabled", now=now, webhook=webhook.pk, why="nothing got through")


def _held(lease: Lease) -> QuerySet[Webhook]:
    return Webhook.objects.filter(pk=lease.webhook.pk, lease_token=lease.token)


def _prune(before: datetime, most: int) -> int:
    ended = Delivery.objects.filter(ended_at__lt=before).order_by("ended_at").values_list("pk", flat=True)
    found = list(ended[:most])
    for webhook in Webhook.objects.filter(disabled_at__lt=before).order_by("pk"):
        found += parcels.waiting(webhook).values_list("pk", flat=True)[: most - len(found)]
    return Delivery.objects.filter(pk__in=found).delete()[0]
