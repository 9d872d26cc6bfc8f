"""Delivering: what a receiver gets is signed, in order, once where nothing fails, and the same again where it does."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from django_q.models import OrmQ

from agentboard import delivering, outbound, schedules
from tasks.api import event_stream
from tasks.domain import claims, deliveries, sequence, webhooks
from tasks.domain.deliveries import Result
from tasks.models import Delivery, Webhook
from tests import receivers

pytestmark = pytest.mark.django_db
KINDS = ["task.created", "task.claimed"]


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_PRIVATE = (ip_network("127.0.0.0/8"),)
    with receivers.listening() as one:
        yield one


@pytest.fixture
def hook(receiver, olga, now):
    return webhooks.create(receiver.url, kinds=KINDS, by=olga, now=now)


def again():
    """As if the pauses and leases of earlier runs were over."""
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Webhook.objects.update(resting_until=None, leased_until=long_ago)
    Delivery.objects.filter(state="waiting").update(next_try_at=long_ago)


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_receiver_gets_the_event_in_the_words_of_the_log_signed_with_its_secret(
    receiver, hook, ada, olga, write, now
):
    task = write("t", by=olga)
    claims.claim(task, by=ada, now=now)
    assert delivering.deliver() == 2
    first, second = receiver.received
    logged = sequence.after(hook.cursor, limit=9, kinds=KINDS).entries
    for one, entry in zip((first, second), logged, strict=True):
        told = json.loads(json.dumps(event_stream.fact(entry), default=lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"))
        assert one.fact == {"id": one.headers["X-AgentBoard-Delivery"], **told}
        assert one.headers["X-AgentBoard-Event"] == entry.kind
        assert one.headers["Content-Type"] == "application/json"
        assert abs(int(one.headers["X-AgentBoard-Timestamp"]) - time.time()) < 60
        assert one.is_signed_with(webhooks.secret(hook))
        assert not one.is_signed_with(webhooks.secret(hook)[:-1])
    assert second.fact["task"] == task.ref
    assert second.fact["by"] == "ada"
    assert len(set(receiver.names())) == 2
    assert delivering.deliver() == 0
    assert states() == ["delivered", "delivered"]


def test_a_new_secret_signs_what_is_sent_from_then_on(receiver, hook, olga, write, now):
    old, new = webhooks.secret(hook), webhooks.renew_secret(hook, by=olga, now=now)
    write("t", by=olga)
    delivering.deliver()
    (one,) = receiver.received
    assert one.is_signed_with(new)
    assert not one.is_signed_with(old)


def test_a_failure_stops_the_rest_until_the_webhook_has_rested_and_is_told_to_the_operator(
    receiver, hook, olga, write
):
    for title in "abc":
        write(title, by=olga)
    receiver.says(503, b"<b>busy</b>")
    assert delivering.deliver() == 0
    assert len(receiver.received) == 1
    first = Delivery.objects.order_by("pk").first()
    assert (first.tries, first.status, first.answer) == (1, 503, "<b>busy</b>")
    assert delivering.deliver() == 0
    assert len(receiver.received) == 1
    receiver.says(200)
    again()
    assert delivering.deliver() == 3
    assert receiver.names()[1:] == list(dict.fromkeys(receiver.names()))
    assert states() == ["delivered"] * 3


def test_one_that_answers_nothing_does_not_hold_up_the_others(receiver, hook, olga, write, now, monkeypatch):
    slow = webhooks.create("http://127.0.0.1:9/", kinds=KINDS, by=olga, now=now)
    write("t", by=olga)

    def post(url, body, headers, **options):
        if url == slow.url:
            time.sleep(0.3)
            raise outbound.NotSent("no answer in time")
        return sent(url, body, headers, **options)

    sent = outbound.post
    monkeypatch.setattr(outbound, "post", post)
    assert delivering.deliver() == 1
    assert (len(receiver.received), sorted(states())) == (1, ["delivered", "waiting"])
    assert Delivery.objects.get(webhook=slow).answer == "no answer in time"


def test_a_private_address_is_not_reached_where_it_is_not_allowed(receiver, hook, olga, write, settings):
    settings.WEBHOOK_PRIVATE = ()
    write("t", by=olga)
    assert delivering.deliver() == 0
    assert receiver.received == []
    assert "AGENTBOARD_WEBHOOK_PRIVATE" in Delivery.objects.get().answer


def test_killed_between_sending_and_writing_down_the_same_is_sent_again_under_the_same_name(
    receiver, hook, olga, write, monkeypatch
):
    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    write("t", by=olga)
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "write_down", killed)
        with pytest.raises(Killed):
            delivering.deliver()
    assert len(receiver.received) == 1
    assert delivering.deliver() == 0
    again()
    assert delivering.deliver() == 1
    assert len(receiver.received) == 2
    assert len(set(receiver.names())) == 1
    assert len({one.body for one in receiver.received}) == 1


def test_a_fault_of_the_servers_own_is_a_try_as_any_other(hook, olga, write, caplog):
    def broken(lease, parcel):
        raise KeyError("fault")

    write("t", by=olga)
    deliveries.gather(now=datetime.now(UTC))
    leases = deliveries.lease(now=datetime.now(UTC), most_webhooks=8, most_parcels=9)
    assert delivering.send_all(leases, broken) == 0
    assert Delivery.objects.get().tries == 1
    assert f"Cannot send to webhook {hook.pk}" in caplog.text


def test_sends_are_begun_for_a_few_seconds_only_and_the_rest_stays_due(hook, olga, write, monkeypatch):
    for title in "abc":
        write(title, by=olga)
    monkeypatch.setattr(delivering, "BEGINS_WITHIN", 0.1)
    deliveries.gather(now=datetime.now(UTC))
    leases = deliveries.lease(now=datetime.now(UTC), most_webhooks=8, most_parcels=9)

    def slow(lease, parcel):
        time.sleep(0.15)
        return Result(200, "")

    assert delivering.send_all(leases, slow) == 1
    assert deliveries.are_wanted(now=datetime.now(UTC))
    assert delivering.deliver() == 2


def test_the_job_is_queued_as_soon_as_there_is_something_to_send_and_once(hook, olga, write, receiver):
    now = datetime.now(UTC)
    schedules.enqueue_due(now=now)
    OrmQ.objects.all().delete()
    moment = now + timedelta(milliseconds=1)
    delivering.deliver()
    assert schedules.enqueue_due(now=moment) == []
    write("t", by=olga)
    assert schedules.enqueue_due(now=moment) == ["deliver"]
    assert schedules.enqueue_due(now=moment) == []
    OrmQ.objects.all().delete()
    delivering.deliver()
    assert schedules.enqueue_due(now=moment) == []
    assert len(receiver.received) == 1
