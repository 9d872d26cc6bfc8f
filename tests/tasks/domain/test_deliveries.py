"""Deliveries: found without a gap, tried with pauses that grow, given up, turned off, sent again and pruned."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.domain import agents, claims, deliveries, digests, webhooks
from tasks.domain.deliveries import Result
from tasks.models import Delivery, Event, Webhook
from tests.tasks import states

URL = "https://hooks.example/board"
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
FINE, BROKEN = Result(200, "ok"), Result(500, "oh\0 no")
OTHERS = [Result(None, "no answer in time"), Result(302, ""), Result(404, ""), Result(199, "")]


@pytest.fixture
def hook(olga, now):
    return webhooks.create(URL, kinds=["task.created"], by=olga, now=now)


def take(now):
    leases = deliveries.lease(now=now, most_webhooks=8, most_parcels=100)
    return leases[0] if leases else None


def attempt(now, result, jitter=0.0):
    """Try the first parcel that is due, if there is any."""
    lease = take(now)
    if lease:
        deliveries.write_down(lease, lease.parcels[0], result, now=now, jitter=jitter)
        deliveries.release(lease, now=now)
    return lease


def delivery():
    return Delivery.objects.values("state", "tries", "status", "answer", "next_try_at", "ended_at").get()


def test_each_webhook_gets_what_it_asked_for_in_the_order_of_events_and_once(ada, olga, write, now):
    moves = webhooks.create(URL, kinds=["task.claimed", "task.created"], by=olga, now=now)
    shop = webhooks.create(URL, kinds=["task.created"], project="main", by=olga, now=now)
    everything = webhooks.create(URL, by=olga, now=now)
    inside = write("inside", by=olga)
    write("outside", by=olga, project="side")
    claims.claim(inside, by=ada, now=now)
    assert deliveries.are_wanted(now=now)
    deliveries.gather(now=now)
    assert deliveries.gather(now=now) == 0

    def of(hook):
        found = Delivery.objects.filter(webhook=hook).order_by("pk")
        return list(found.values_list("event__kind", "event__task__title"))

    created = [("task.created", "inside"), ("task.created", "outside")]
    assert of(moves) == [*created, ("task.claimed", "inside")]
    assert of(shop) == created[:1]
    after = Event.objects.filter(seq__gt=everything.cursor).order_by("seq").values_list("pk", flat=True)
    found = Delivery.objects.filter(webhook=everything).order_by("pk").values_list("event_id", flat=True)
    assert list(found) == list(after)


def test_a_long_log_is_gone_through_in_bounded_steps(hook, olga, write, now, monkeypatch):
    monkeypatch.setattr(deliveries, "LOOKED_THROUGH", 3)
    for n in range(5):
        write(f"t{n}", by=olga)
    steps = []
    while deliveries.are_wanted(now=now) and len(steps) < 9 and sum(steps) < 5:
        steps.append(deliveries.gather(now=now))
    assert sum(steps) == 5
    assert len(steps) > 1


def test_without_a_webhook_nothing_is_wanted_and_a_claim_asks_about_none(ada, olga, write, now):
    with CaptureQueriesContext(connection) as looked:
        assert not deliveries.are_wanted(now=now)
    assert len(looked) == 1
    plain = queries_of_a_claim(ada, write("one", by=olga), now)
    webhooks.create(URL, by=olga, now=now)
    bob = agents.register("bob", now=now, last_seen_at=now)
    assert queries_of_a_claim(bob, write("two", by=olga), now) == plain


def queries_of_a_claim(agent, task, now):
    with CaptureQueriesContext(connection) as made:
        assert claims.next_task(agent.name, now=now).task_ids == [task.pk]
    assert not [one for one in made if "tasks_webhook" in str(one["sql"])]
    return len(made)


def test_what_is_taken_ends_and_what_is_not_waits_longer_each_time(hook, olga, write, now):
    write("t", by=olga)
    deliveries.gather(now=now)
    at, pauses = now, []
    for n in range(13):
        assert attempt(at - SECOND, BROKEN) is None
        assert attempt(at, BROKEN)
        assert delivery()["tries"] == n + 1
        pauses.append((delivery()["next_try_at"] - at).total_seconds())
        at = delivery()["next_try_at"]
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    assert delivery() | {"next_try_at": None} == {
        "state": "waiting", "tries": 13, "status": 500, "answer": "oh no", "next_try_at": None, "ended_at": None
    }  # fmt: skip
    attempt(at, FINE)
    assert delivery() == {
        "state": "delivered", "tries": 14, "status": 200, "answer": "ok", "next_try_at": None, "ended_at": at
    }  # fmt: skip
    hook.refresh_from_db()
    assert (hook.failures, hook.failing_since, hook.resting_until) == (0, None, None)
    assert attempt(at + HOUR, FINE) is None
    assert deliveries.pause(3, jitter=1.0) == 1.25 * deliveries.pause(3, jitter=0.0)


@pytest.mark.parametrize("result", OTHERS)
def test_nothing_but_an_answer_of_200_to_299_is_a_success(hook, olga, write, now, result):
    write("t", by=olga)
    deliveries.gather(now=now)
    attempt(now, result)
    assert (delivery()["state"], delivery()["status"]) == ("waiting", result.status)


def test_one_that_is_never_taken_is_given_up_after_most_of_a_day_and_the_others_go_on(hook, olga, write, now):
    write("poison", by=olga)
    deliveries.gather(now=now)
    at = now
    for _ in range(deliveries.MOST_TRIES - 1):
        attempt(at, BROKEN)
        at = delivery()["next_try_at"]
    assert 20 * HOUR < at - now < deliveries.FAILS_FOR
    attempt(at, BROKEN)
    given_up = {"state": "given_up", "tries": deliveries.MOST_TRIES, "ended_at": at, "next_try_at": None}
    assert delivery() | given_up == delivery()
    write("fine", by=olga)
    deliveries.gather(now=at)
    attempt(at + HOUR, FINE)
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["given_up", "delivered"]


def test_a_webhook_rests_after_a_failure_and_then_goes_on_with_what_has_not_been_tried(
    hook, olga, write, now
):
    for title in ("first", "second"):
        write(title, by=olga)
    deliveries.gather(now=now)
    attempt(now, BROKEN)
    assert take(now + 4 * SECOND) is None
    lease = take(now + 5 * SECOND)
    assert [one.tries for one in lease.parcels] == [0, 1]


def test_after_a_day_of_failures_it_is_turned_off_with_an_event_and_what_waits_goes_when_it_is_on_again(
    hook, olga, write, now
):
    write("t", by=olga)
    deliveries.gather(now=now)
    at, tries = now, 0
    while Webhook.objects.filter(disabled_at=None).exists():
        assert attempt(at, BROKEN)
        tries += 1
        at = max(Webhook.objects.get().resting_until, at)
        Delivery.objects.update(tries=1, next_try_at=at)
    hook.refresh_from_db()
    assert hook.disabled_at - now >= deliveries.FAILS_FOR
    assert tries >= deliveries.FAILS_AT_LEAST
    assert hook.disabled_why == "Nothing got through since 2026-03-02 12:00 UTC: answer 500"
    event = Event.objects.get(kind="webhook.disabled")
    assert (event.agent, event.data) == (None, {"webhook": hook.pk, "why": "nothing got through"})
    needs = digests.fresh(now=hook.disabled_at + HOUR)
    assert needs.data["needs_human"]["count"] == 1
    assert f"- Webhook {hook.pk} is off: Nothing got through since" in needs.text
    assert attempt(at + HOUR, FINE) is None
    webhooks.enable(hook, by=olga, now=at)
    assert attempt(at + HOUR, FINE)
    assert delivery()["state"] == "delivered"


def test_a_few_failures_over_a_long_time_turn_nothing_off(hook, olga, write, now):
    write("t", by=olga)
    deliveries.gather(now=now)
    for n in range(deliveries.FAILS_AT_LEAST - 1):
        assert attempt(now + n * timedelta(days=1), BROKEN)
    assert Webhook.objects.get().disabled_at is None


def test_a_sender_that_was_too_slow_writes_nothing_and_the_next_one_sends_the_same_name(
    hook, olga, write, now
):
    write("t", by=olga)
    deliveries.gather(now=now)
    slow = take(now)
    assert take(now + deliveries.LEASE - SECOND) is None
    later = now + deliveries.LEASE
    quick = take(later)
    assert [one.name for one in quick.parcels] == [one.name for one in slow.parcels]
    assert not deliveries.write_down(slow, slow.parcels[0], BROKEN, now=later, jitter=0)
    assert delivery()["tries"] == 0
    deliveries.release(slow, now=later)
    assert take(later) is None
    assert deliveries.write_down(quick, quick.parcels[0], FINE, now=later, jitter=0)
    assert delivery()["state"] == "delivered"


def test_what_has_ended_can_be_sent_again_under_its_name(hook, olga, write, now):
    write("t", by=olga)
    deliveries.gather(now=now)
    name = attempt(now, FINE).parcels[0].name
    deliveries.send_again(Delivery.objects.get(), now=now)
    assert attempt(now, FINE).parcels[0].name == name
    webhooks.disable(hook, by=olga, now=now)
    with pytest.raises(webhooks.Off):
        deliveries.send_again(Delivery.objects.get(), now=now)
    assert delivery()["state"] == "delivered"


def test_old_deliveries_go_and_those_that_wait_stay_unless_their_webhook_is_off(hook, ada, olga, write, now):
    for title in ("ended", "waiting"):
        write(title, by=olga)
    deliveries.gather(now=now)
    attempt(now, FINE)
    assert deliveries.prune(now=now + deliveries.KEPT) == 0
    assert deliveries.prune(now=now + deliveries.KEPT + SECOND) == 1
    assert delivery()["state"] == "waiting"
    webhooks.disable(hook, by=olga, now=now)
    assert deliveries.prune(now=now + deliveries.KEPT + SECOND) == 1
    states.reach(write("the log stays", by=olga), "done", worker=ada, now=now)
