"""Tokens in the admin: shown once, never edited, revoked by an action."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tasks.domain import tokens
from tasks.models import Agent, Token

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


STATES = ("good", "expired", "revoked")
ADD = reverse("admin:tasks_token_add")
LIST = reverse("admin:tasks_token_changelist")


def test_a_token_is_shown_once_when_it_is_made(operator: Client, ada: Agent):
    page = operator.post(ADD, {"agent": ada.pk, "label": "ci", "lives": "30d"}, follow=True).content.decode()
    (secret,) = re.findall(r"ab_[a-z0-9]{8}_[\w-]{43}", page)

    assert tokens.holder(secret, now=timezone.now()) == "ada"
    token = Token.objects.get()
    assert token.created_by
    assert (token.created_by.name, token.label) == ("boss", "ci")
    for address in (LIST, reverse("admin:tasks_token_change", args=[token.pk])):
        again = operator.get(address).content.decode()
        assert token.prefix in again
        assert secret not in again
        assert token.secret_hash not in again
    assert secret not in str(list(LogEntry.objects.values()))


def test_a_token_of_another_person_is_refused_in_the_form(operator: Client, olga: Agent):
    page = operator.post(ADD, {"agent": olga.pk, "label": "", "lives": ""})

    assert "olga is a person, and makes its tokens itself" in page.content.decode()
    assert not Token.objects.exists()


def test_chosen_tokens_are_revoked_whoever_made_them(operator: Client, ada: Agent, olga: Agent):
    issued = [tokens.issue(ada, by=by, now=timezone.now()) for by in (olga, None, olga)]
    tokens.revoke(issued[2].token.prefix, by=None, now=timezone.now())
    chosen = {"action": "revoke", "_selected_action": [one.token.pk for one in issued]}

    page = operator.post(LIST, chosen, follow=True).content.decode()

    assert not Token.objects.filter(revoked_at=None).exists()
    assert "was revoked before" in page
    assert page.count(f"Revoked: ab_{issued[0].token.prefix}") == 1
    assert issued[0].token.prefix not in operator.get(f"{LIST}?state=good").content.decode()


def test_the_list_is_narrowed_by_what_a_token_is(operator: Client, ada: Agent):
    now = timezone.now()
    before = now - timedelta(days=1)
    good, lasting, revoked, expired = (tokens.issue(ada, by=None, now=before).token for _ in range(4))
    Token.objects.filter(pk=lasting.pk).update(expires_at=now + timedelta(days=1))
    Token.objects.filter(pk=revoked.pk).update(revoked_at=now, expires_at=now)
    Token.objects.filter(pk=expired.pk).update(expires_at=now)

    shown = {state: operator.get(f"{LIST}?state={state}").content.decode() for state in STATES}
    found = {
        state: {token for token in Token.objects.all() if token.prefix in shown[state]} for state in STATES
    }

    assert found == {"good": {good, lasting}, "revoked": {revoked}, "expired": {expired}}


def test_a_token_cannot_be_edited(operator: Client, ada: Agent, bob: Agent):
    token = tokens.issue(ada, by=None, now=timezone.now()).token
    address = reverse("admin:tasks_token_change", args=[token.pk])

    assert operator.post(address, {"agent": bob.pk, "label": "x"}).status_code == 403
    token.refresh_from_db()
    assert (token.agent, token.label) == (ada, "")
