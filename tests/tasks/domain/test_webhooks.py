"""Webhooks: what may be subscribed to, and that it can be turned off, turned on, tried and given a new secret."""

from ipaddress import ip_network

import pytest

from tasks.domain import deliveries, events, projects, webhooks
from tasks.domain.refusals import Invalid
from tasks.models import Delivery, Event, Webhook

URL = "https://hooks.example/board"


@pytest.fixture
def hook(olga, now):
    return webhooks.create(URL, by=olga, now=now)


def told():
    return list(Delivery.objects.order_by("pk").values_list("webhook_id", "event__kind"))


def test_a_webhook_is_told_of_what_happens_from_now_on_and_its_making_is_an_event(write, hook, olga, now):
    write("before", by=olga)
    events.record("board.tested", now=now)
    later = webhooks.create(URL, kinds=["task.created"], by=olga, now=now)
    write("after", by=olga)
    deliveries.gather(now=now)
    assert (later.pk, "task.created") in told()
    assert [kind for pk, kind in told() if pk == later.pk] == ["task.created"]
    assert (hook.pk, "webhook.created") in told()
    event = Event.objects.filter(kind="webhook.created").latest("pk")
    # Addresses may hold secrets of the receiver's, and every agent can read the log.
    assert (event.agent, event.data) == (olga, {"webhook": later.pk})


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"url": "ftp://x"}, "url", "https://"),
        ({"url": "http://127.0.0.1:8000/"}, "url", "127.0.0.1 is no public address"),
        ({"url": "http://[::ffff:10.0.0.8]/"}, "url", "no public address"),
        ({"kinds": ["task.aproved"]}, "kinds", "The nearest are task.approved"),
        ({"project": "shop"}, "project", "No project is called shop"),
    ],
)
def test_what_cannot_be_told_is_refused_and_nothing_is_written(olga, now, facts, field, said):
    with pytest.raises(Invalid) as refusal:
        webhooks.create(**{"url": URL, **facts}, by=olga, now=now)
    assert said in refusal.value.extra["errors"][field][0]
    assert not Webhook.objects.exists()


def test_an_address_that_the_operator_allows_is_taken(olga, now, settings):
    settings.WEBHOOK_PRIVATE = (ip_network("127.0.0.0/8"),)
    assert webhooks.create("http://127.0.0.1:8000/", by=olga, now=now).pk


def test_a_change_is_checked_as_a_new_one_and_starts_afresh(hook, olga, now):
    projects.find_or_create("shop", now=now)
    Webhook.objects.update(failures=3, failing_since=now, resting_until=now)
    webhooks.change(hook, by=olga, now=now, kinds=["task.stale", "task.stale"], project="shop")
    hook.refresh_from_db()
    assert (hook.kinds, hook.project.name, hook.failures, hook.resting_until) == (
        ["task.stale"],
        "shop",
        0,
        None,
    )
    with pytest.raises(Invalid):
        webhooks.change(hook, by=olga, now=now, url="nonsense")


def test_the_secret_is_in_no_row_and_changes_when_it_is_renewed(hook, olga, now, settings):
    first = webhooks.secret(hook)
    assert first.startswith("abwh_")
    assert len(first) == 69
    stored = str(Webhook.objects.values().get())
    assert first[5:] not in stored
    second = webhooks.renew_secret(hook, by=olga, now=now)
    assert second == webhooks.secret(Webhook.objects.get()) != first
    settings.SECRET_KEY = "another"
    assert webhooks.secret(hook) not in (first, second)


def test_one_that_is_off_is_told_nothing_and_on_again_goes_on_with_what_happens_next(hook, olga, write, now):
    webhooks.disable(hook, by=olga, now=now)
    for call in (webhooks.disable, webhooks.test):
        with pytest.raises(webhooks.Off):
            call(hook, by=olga, now=now)
    write("while it is off", by=olga)
    assert deliveries.gather(now=now) == 0
    webhooks.enable(hook, by=olga, now=now)
    with pytest.raises(webhooks.On):
        webhooks.enable(hook, by=olga, now=now)
    deliveries.gather(now=now)
    assert [kind for _, kind in told()] == ["webhook.enabled"]


def test_a_test_goes_to_the_one_webhook_whatever_it_is_told_of(hook, olga, now):
    other = webhooks.create(URL, kinds=["task.approved"], project="main", by=olga, now=now)
    deliveries.gather(now=now)
    Delivery.objects.all().delete()
    webhooks.test(other, by=olga, now=now)
    deliveries.gather(now=now)
    assert told() == [(other.pk, "webhook.tested")]
