"""Webhooks: who is told of what. What is to be sent, and what became of it: `tasks.domain.deliveries`.

The secret that deliveries are signed with is kept nowhere: it is derived from the server's secret key, so neither the
database nor an export of it is enough to forge one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.crypto import salted_hmac

from tasks.domain import event_kinds, events, projects, sequence, targets, transactions
from tasks.domain.refusals import Conflict, Invalid
from tasks.models import Agent, Project, Webhook
from tasks.queries import event_log

_FIX = "Give a URL that the server may reach, and kinds of events that there are."
# What a webhook is when nothing has failed yet.
_FRESH: dict[str, Any] = {"failures": 0, "failing_since": None, "resting_until": None}


class Off(Conflict):
    """The webhook is off."""


class On(Conflict):
    """The webhook is on already."""


def create(
    url: str, *, kinds: Sequence[str] = (), project: str | None = None, by: Agent, now: datetime
) -> Webhook:
    """Tell `url` of what happens from now on: of these kinds (none: all), in this project (None: on all of the board).

    Refuses as Invalid what is no URL, an address the server may not reach, and a kind that no event has.
    """
    facts = _checked(url=url, kinds=kinds, project=project)
    newest = _newest()
    with transactions.change():
        webhook = Webhook.objects.create(
            **facts, key=secrets.token_hex(16), cursor=newest, created_by=by, created_at=now
        )
        events.record("webhook.created", now=now, by=by, webhook=webhook.pk)
    return webhook


def change(webhook: Webhook, *, by: Agent, now: datetime, **facts: Any) -> None:
    """Set `url`, `kinds` or `project`; refused as in `create`. What waits is sent to the new URL."""
    checked = _checked(**facts)
    with transactions.change():
        Webhook.objects.filter(pk=webhook.pk).update(**checked, **_FRESH)
        events.record("webhook.changed", now=now, by=by, webhook=webhook.pk, fields=sorted(facts))


def disable(webhook: Webhook, *, by: Agent, now: datetime) -> None:
    """Send nothing more. Refuses one that is off as Off."""
    with transactions.change():
        found = Webhook.objects.filter(pk=webhook.pk, disabled_at=None)
        if not found.update(disabled_at=now, disabled_why=f"Turned off by {by.name}", **_FRESH):
            raise refuse_off(webhook)
        events.record("webhook.disabled", now=now, by=by, webhook=webhook.pk, why="turned off")


def enable(webhook: Webhook, *, by: Agent, now: datetime) -> None:
    """Send what waits, and what happens from now on; what happened while it was off is not sent. Refuses one that is
    on as On."""
    newest = _newest()
    with transactions.change():
        found = Webhook.objects.filter(pk=webhook.pk, disabled_at__isnull=False)
        if not found.update(disabled_at=None, disabled_why="", cursor=newest, **_FRESH):
            raise On(f"Webhook {webhook.pk} is on.", fix="Send it a test event.")
        events.record("webhook.enabled", now=now, by=by, webhook=webhook.pk)


def test(webhook: Webhook, *, by: Agent, now: datetime) -> None:
    """Have an event sent to this webhook only, whatever kinds it is told of. Refuses one that is off as Off."""
    with transactions.change():
        if not Webhook.objects.filter(pk=webhook.pk, disabled_at=None).update(resting_until=None):
            raise refuse_off(webhook)
        events.record(event_kinds.TESTED, now=now, by=by, webhook=webhook.pk)


def renew_secret(webhook: Webhook, *, by: Agent, now: datetime) -> str:
    """Sign with a new secret from now on; gives it."""
    with transactions.change():
        Webhook.objects.filter(pk=webhook.pk).update(secret_version=F("secret_version") + 1)
        events.record("webhook.changed", now=now, by=by, webhook=webhook.pk, fields=["secret"])
    webhook.refresh_from_db()
    return secret(webhook)


def secret(webhook: Webhook) -> str:
    """What its deliveries are signed with."""
    name = f"{webhook.key}:{webhook.secret_version}"
    return "abwh_" + salted_hmac("agentboard.webhook", name, algorithm="sha256").hexdigest()


def refuse_off(webhook: Webhook) -> Off:
    """The refusal of what only a webhook that is on can do."""
    return Off(f"Webhook {webhook.pk} is off.", fix="Turn it on in the admin first.")


def _checked(**facts: Any) -> dict[str, Any]:
    """The columns that these facts make. Refuses them as Invalid."""
    errors: dict[str, list[str]] = {}
    columns: dict[str, Any] = {}
    if "url" in facts:
        columns["url"] = facts["url"].strip()
        errors |= _url_errors(columns["url"])
    if "kinds" in facts:
        columns["kinds"] = sorted(set(facts["kinds"]))
        if wrong := [said for kind in columns["kinds"] if (said := event_kinds.unknown(kind))]:
            errors["kinds"] = wrong
    if facts.get("project"):
        columns["project"] = Project.objects.filter(name=projects.clean_name(facts["project"])).first()
        if columns["project"] is None:
            errors["project"] = [f"No project is called {facts['project']}."]
    elif "project" in facts:
        columns["project"] = None
    if errors:
        raise Invalid(errors, fix=_FIX)
    return columns


def _url_errors(url: str) -> dict[str, list[str]]:
    try:
        target = targets.parse(url)
    except ValueError as error:
        return {"url": [str(error)]}
    refused = targets.refusal(target, settings.WEBHOOK_PRIVATE)
    return {"url": [refused]} if refused else {}


def _newest() -> int:
    sequence.catch_up()
    return event_log.newest()
