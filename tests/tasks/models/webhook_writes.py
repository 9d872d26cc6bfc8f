"""Writes around the domain for each constraint of webhooks and deliveries; see test_constraints."""

from __future__ import annotations

from tasks.domain import deliveries, webhooks
from tasks.models import Delivery, Webhook


def _hook(f, **columns):
    facts = {"url": "https://hooks.example/", "key": "k", "created_by": f.olga, "created_at": f.now}
    return Webhook.objects.create(**facts | columns)


def _delivery(f, **columns):
    webhooks.create("https://hooks.example/", kinds=["webhook.created"], by=f.olga, now=f.now)
    deliveries.gather(now=f.now)
    return Delivery.objects.update(**columns)


def _twice(f):
    _delivery(f, tries=0)
    Delivery.objects.bulk_create([Delivery(**facts | {"id": None}) for facts in Delivery.objects.values()])


WEBHOOK_WRITES = {
    "webhook.key": [lambda f: (_hook(f), _hook(f))],
    "webhook_speaks_http": [lambda f: _hook(f, url="ftp://hooks.example/"), lambda f: _hook(f, url="")],
    "webhook_has_a_key": [lambda f: _hook(f, key="")],
    "webhook_counts_up": [
        lambda f: _hook(f, secret_version=0),
        lambda f: _hook(f, cursor=-1),
        lambda f: _hook(f, lease_token=-1),
    ],
    "webhook_fails_since_its_first_failure": [
        lambda f: _hook(f, failures=1),
        lambda f: _hook(f, failing_since=f.now),
        lambda f: _hook(f, resting_until=f.now),
    ],
    "webhook_is_off_for_a_reason": [
        lambda f: _hook(f, disabled_at=f.now),
        lambda f: _hook(f, disabled_why="r"),
    ],
    "delivery_of_an_event_is_one": [_twice],
    "delivery_waits_or_has_ended": [
        lambda f: _delivery(f, state="lost"),
        lambda f: _delivery(f, next_try_at=None),
        lambda f: _delivery(f, ended_at=f.now),
        lambda f: _delivery(f, state="given_up", ended_at=f.now),
        lambda f: _delivery(f, state="given_up", next_try_at=None),
    ],
    "delivery_was_answered": [
        lambda f: _delivery(f, state="delivered", next_try_at=None, ended_at=f.now, status=200),
        lambda f: _delivery(f, state="delivered", next_try_at=None, ended_at=f.now, tries=1),
    ],
}
