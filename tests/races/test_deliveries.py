"""Several senders at once, and events that are committed late: each event is sent once, and none is missed."""

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from agentboard import delivering
from tasks.domain import agents, deliveries, events, webhooks
from tasks.domain.deliveries import Result
from tasks.models import Delivery, Event, Webhook
from tasks.queries import parcels
from tests.races.together import together

pytestmark = pytest.mark.race
MANY = 12
EVENTS = 15


@pytest.fixture
def hooks(own_board):
    """Webhooks that want every test event, and EVENTS of them to send."""
    now = datetime.now(UTC)
    olga, _ = agents.find_or_register("olga", now=now)
    made = [
        webhooks.create("https://hooks.example/", kinds=["task.created"], by=olga, now=now) for _ in range(3)
    ]
    for n in range(EVENTS):
        events.record("task.created", now=now, n=n)
    return made


def sender(sent, lock):
    def send(lease, parcel):
        with lock:
            sent.append(parcel.name)
        time.sleep(0.002)
        return Result(200, "")

    return send


def test_of_several_schedulers_each_event_is_sent_by_one_in_its_order(hooks):
    sent, lock = [], threading.Lock()

    def job():
        deliveries.gather(now=datetime.now(UTC))
        leases = deliveries.lease(now=datetime.now(UTC), most_webhooks=8, most_parcels=4)
        return delivering.send_all(leases, sender(sent, lock)) if leases else 0

    while deliveries.are_wanted(now=datetime.now(UTC)):
        together([job] * 4)
    assert len(sent) == len(set(sent)) == len(hooks) * EVENTS
    for hook in hooks:
        mine = [name for name in sent if name.startswith(hook.key)]
        assert mine == [one.name for one in everything_of(hook)]


def everything_of(hook):
    found = Delivery.objects.filter(webhook=hook).order_by("event__seq")
    return [
        parcels.Parcel(pk, f"{hook.key}-{event}", 0, None)
        for pk, event in found.values_list("pk", "event_id")
    ]


def test_control_senders_that_take_no_lease_send_the_same_twice(hooks):
    now = datetime.now(UTC)
    deliveries.gather(now=now)
    sent, lock = [], threading.Lock()

    def job():
        lease = deliveries.Lease(hooks[0], 0, parcels.due(hooks[0], now=datetime.now(UTC), most=100))
        time.sleep(0.05)
        delivering.send_all([lease], sender(sent, lock))

    together([job] * 2)
    assert len(sent) > len(set(sent))


def test_events_of_writers_that_pause_before_they_commit_are_all_gathered_once(own_board):
    now = datetime.now(UTC)
    olga, _ = agents.find_or_register("olga", now=now)
    hook = webhooks.create("https://hooks.example/", kinds=["task.created"], by=olga, now=now)
    begun, writing = threading.Event(), threading.Event()
    ids = []

    def late():
        """Has its id before everybody else and commits when somebody has read on from a later one."""
        with transaction.atomic():
            events.record("task.created", now=now)
            begun.set()
            while not ids:
                time.sleep(0.001)

    def write(pause):
        begun.wait()
        for n in range(MANY):
            with transaction.atomic():
                events.record("task.created", now=now, n=n)
                time.sleep(pause)

    def gather():
        """As often as it can; and, as the control, what going on after the last id would have seen."""
        last = 0
        while not writing.is_set():
            deliveries.gather(now=now)
            seen = Event.objects.filter(kind="task.created", pk__gt=last).order_by("pk")
            ids.extend(seen.values_list("pk", flat=True))
            last = max(ids, default=0)

    def writers():
        # On SQLite writers come one after the other, and a reader of ids misses nothing there.
        if connection.vendor == "postgresql":
            together([late, *(partial(write, pause) for pause in (0.001, 0.004, 0.009, 0.02))])
        else:
            begun.set()
            write(0.001)
        writing.set()

    together([writers, gather, gather])
    deliveries.gather(now=now)
    recorded = Event.objects.filter(kind="task.created").order_by("seq").values_list("pk", flat=True)
    found = Delivery.objects.filter(webhook=hook).order_by("pk").values_list("event_id", flat=True)
    assert list(found) == list(recorded)
    if connection.vendor == "postgresql":
        assert set(ids) != set(recorded)


def test_a_webhook_that_is_turned_off_at_the_same_moment_is_sent_to_or_not_and_stays_off(hooks):
    now = datetime.now(UTC)
    olga = agents.find("olga")
    sent, lock = [], threading.Lock()
    deliveries.gather(now=now)

    def job():
        leases = deliveries.lease(now=now, most_webhooks=8, most_parcels=100)
        delivering.send_all(leases, sender(sent, lock)) if leases else None

    together([job, *[lambda hook=hook: webhooks.disable(hook, by=olga, now=now) for hook in hooks]])
    assert Webhook.objects.filter(disabled_at=None).count() == 0
    assert Delivery.objects.filter(state="delivered").count() == len(sent)
    assert not deliveries.are_wanted(now=now + timedelta(days=1))
