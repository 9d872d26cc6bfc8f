"""Webhooks in the admin: made, tried, turned off and on, and what was sent is seen and sent again."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tasks.domain import deliveries, webhooks
from tasks.domain.deliveries import Result
from tasks.models import Agent, Delivery, Event, Webhook
from tests.tasks.admin import browser

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


LIST = reverse("admin:tasks_webhook_changelist")
ADD = reverse("admin:tasks_webhook_add")
URL = "https://hooks.example/board?key=hidden"


@pytest.fixture
def hook(olga: Agent, now: Any) -> Webhook:
    return webhooks.create(URL, kinds=["task.created"], by=olga, now=now)


@pytest.fixture
def delivery(hook: Webhook, olga: Agent, write: Any, now: Any) -> Delivery:
    """One that its receiver has refused."""
    write("t", by=olga)
    deliveries.gather(now=now)
    (lease,) = deliveries.lease(now=now, most_webhooks=1, most_parcels=1)
    deliveries.write_down(lease, lease.parcels[0], Result(500, "no such door"), now=now, jitter=0)
    deliveries.release(lease, now=now)
    return Delivery.objects.get()


def do(operator: Client, action: str, *rows: Any) -> str:
    """Choose an action for these rows in their list; gives what is said afterwards."""
    listed = reverse(f"admin:tasks_{rows[0]._meta.model_name}_changelist")
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return unescape(operator.post(listed, chosen, follow=True).content.decode())


def test_the_secret_is_shown_once_when_a_webhook_is_made(operator: Client):
    sent = {"url": URL, "kinds": "Task.Approved, task.rejected", "project": ""}
    made = operator.post(ADD, sent, follow=True).content.decode()
    hook = Webhook.objects.get()
    assert hook.kinds == ["task.approved", "task.rejected"]
    assert hook.created_by.kind == "human"
    secret = webhooks.secret(hook)
    assert f"<code>{secret}</code>" in made
    for address in (LIST, browser.page(hook)):
        assert secret not in operator.get(address).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"url": "https://hooks.example/", "kinds": "task.aproved"}, "The nearest are task.approved"),
        ({"url": "http://169.254.169.254/"}, "169.254.169.254 is no public address"),
        ({"url": "hooks.example"}, "begins with https://"),
    ],
)
def test_what_is_refused_is_said_where_it_was_typed(operator: Client, sent: dict[str, str], said: str):
    answer = operator.post(ADD, {"project": "", "kinds": "", **sent})
    assert said in unescape(answer.content.decode())
    assert not Webhook.objects.exists()


def test_it_is_changed_by_the_domain(operator: Client, hook: Webhook):
    assert browser.save(operator, hook, kinds="task.stale").status_code == 302
    hook.refresh_from_db()
    assert (hook.kinds, hook.url) == (["task.stale"], URL)
    assert Event.objects.get(kind="webhook.changed").data["fields"] == ["kinds"]


def test_it_is_tried_turned_off_and_on_and_given_a_new_secret(operator: Client, hook: Webhook):
    assert f"A test event goes to webhook {hook.pk}" in do(operator, "test", hook)
    assert Event.objects.get(kind="webhook.tested").data == {"webhook": hook.pk}
    assert f"Nothing more is sent to webhook {hook.pk}" in do(operator, "disable", hook)
    assert f"Webhook {hook.pk} is off." in do(operator, "test", hook)
    page = operator.get(browser.page(hook)).content.decode()
    assert "Turned off by" in page
    assert 'value="enable"' in page
    assert 'value="disable"' not in page
    assert f"What waits for webhook {hook.pk} is sent" in do(operator, "enable", hook)
    old = webhooks.secret(hook)
    said = do(operator, "renew_secret", hook)
    hook.refresh_from_db()
    assert webhooks.secret(hook) != old
    assert webhooks.secret(hook) in said
    assert LogEntry.objects.count() == 4


def test_what_was_sent_is_seen_and_sent_again(operator: Client, hook: Webhook, delivery: Delivery):
    page = operator.get(browser.page(hook)).content.decode()
    assert "<td>waiting</td><td>1</td><td>500</td>" in page
    listed = operator.get(
        f"{reverse('admin:tasks_delivery_changelist')}?webhook={hook.pk}&state__exact=waiting"
    )
    assert "no such door" in listed.content.decode()
    assert "sent again" in do(operator, "send_again", delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("waiting", 0)
    do(operator, "disable", hook)
    assert f"elivery {delivery.pk}: Webhook {hook.pk} is off." in do(operator, "send_again", delivery)


def test_the_list_hides_what_may_be_a_key(operator: Client, hook: Webhook):
    html = operator.get(LIST).content.decode()
    assert "https://hooks.example/board" in html
    assert "key=hidden" not in html


def test_those_who_may_only_look_are_offered_nothing_and_do_nothing(hook: Webhook, delivery: Delivery):
    viewer = User.objects.create(username="viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_webhook", "view_delivery"]))
    client = Client()
    client.force_login(viewer)
    for row, action in ((hook, "disable"), (delivery, "send_again")):
        assert b'name="action"' not in client.get(browser.page(row)).content
        do(client, action, row)
    hook.refresh_from_db()
    assert hook.disabled_at is None
    delivery.refresh_from_db()
    assert delivery.tries == 1
