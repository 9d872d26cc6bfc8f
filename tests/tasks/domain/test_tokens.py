"""Tokens: told once, kept as a hash, good until they expire or are revoked."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from tasks.domain import hashing, tokens
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Token

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def test_a_token_says_whose_it_is_and_is_kept_as_a_hash_only(ada: Agent, olga: Agent, now: datetime):
    issued = tokens.issue(ada, by=olga, now=now, label="laptop")

    assert re.fullmatch(rf"ab_{issued.token.prefix}_[\w-]{{43}}", issued.secret)
    assert tokens.holder(issued.secret, now=now) == "ada"
    (row,) = Token.objects.values()
    assert row["secret_hash"] == hashing.of(issued.secret)
    assert issued.secret.rpartition("_")[2] not in str(row)
    assert (row["label"], row["created_by_id"], row["expires_at"]) == ("laptop", olga.pk, None)


def test_every_token_is_another_one(ada: Agent, now: datetime):
    assert len({tokens.issue(ada, by=None, now=now).secret for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "change",
    [
        lambda secret: "",
        lambda secret: secret[:-1],
        lambda secret: secret + "x",
        lambda secret: secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        lambda secret: secret.upper(),
        lambda secret: secret.replace("ab_", "ab_z", 1),
        lambda secret: f"ab_{'z' * 8}_{secret[12:]}",
        lambda secret: "ab_\0ééééééé_" + "ü" * 43,
        lambda secret: f"{secret}\n",
    ],
)
def test_anything_but_the_whole_token_lets_nobody_in(ada: Agent, now: datetime, change):
    secret = tokens.issue(ada, by=None, now=now).secret

    with pytest.raises(tokens.BadToken, match="No agent of this board has this token"):
        tokens.holder(change(secret), now=now)
    assert Token.objects.get().last_used_at is None


def test_a_token_expires_to_the_moment(ada: Agent, now: datetime):
    issued = tokens.issue(ada, by=None, now=now, lives=DAY)

    assert tokens.holder(issued.secret, now=now + DAY - MOMENT) == "ada"
    with pytest.raises(tokens.BadToken, match="This token of ada has expired"):
        tokens.holder(issued.secret, now=now + DAY)


def test_a_revoked_token_lets_nobody_in_and_others_of_the_agent_do(ada: Agent, olga: Agent, now: datetime):
    lost, kept = (tokens.issue(ada, by=olga, now=now) for _ in range(2))

    assert tokens.revoke(lost.token.prefix, by=olga, now=now).agent == ada

    with pytest.raises(tokens.BadToken, match="This token of ada was revoked") as refused:
        tokens.holder(lost.secret, now=now)
    assert "agentboard tokens create ada" in refused.value.fix
    assert tokens.holder(kept.secret, now=now) == "ada"
    with pytest.raises(tokens.Revoked):
        tokens.revoke(f" ab_{lost.token.prefix}_… ", by=olga, now=now)


def test_a_token_is_revoked_by_who_made_it_by_whose_it_is_and_where_the_board_runs(
    ada: Agent, bob: Agent, olga: Agent, now: datetime
):
    Agent.objects.filter(pk=bob.pk).update(kind="human")
    bob.refresh_from_db()
    mine = tokens.issue(olga, by=olga, now=now).token.prefix
    made = tokens.issue(ada, by=olga, now=now).token.prefix
    with pytest.raises(tokens.NotYours):
        tokens.revoke(made, by=bob, now=now)
    assert not Token.objects.exclude(revoked_at=None).exists()
    tokens.revoke(mine, by=olga, now=now)
    tokens.revoke(made, by=ada, now=now)
    tokens.revoke(tokens.issue(ada, by=olga, now=now).token.prefix, by=None, now=now)
    with pytest.raises(tokens.UnknownToken):
        tokens.revoke("ab_nothing", by=None, now=now)


def test_tokens_are_made_by_people_and_those_of_a_person_by_that_person(
    ada: Agent, bob: Agent, olga: Agent, now: datetime
):
    rival = Agent.objects.create(name="rival", kind="human", created_at=now)
    for agent, by in ((ada, ada), (bob, ada), (olga, ada), (olga, rival)):
        with pytest.raises(tokens.NotYours):
            tokens.issue(agent, by=by, now=now)
    assert not Token.objects.exists()

    for agent, by in ((ada, olga), (olga, olga), (olga, None)):
        tokens.issue(agent, by=by, now=now)
    assert Token.objects.count() == 3


@pytest.mark.parametrize(
    "wrong",
    [{"label": "x" * 61}, {"label": "\0"}, {"lives": timedelta()}, {"lives": -DAY}, {"lives": 3651 * DAY}],
)
def test_what_no_token_can_have_is_refused(ada: Agent, now: datetime, wrong):
    with pytest.raises(Invalid):
        tokens.issue(ada, by=None, now=now, **wrong)
    assert not Token.objects.exists()


def test_the_last_use_is_noted_once_a_minute(ada: Agent, now: datetime, django_assert_num_queries):
    secret = tokens.issue(ada, by=None, now=now).secret
    with django_assert_num_queries(2):
        tokens.holder(secret, now=now)
    for late in (MOMENT, tokens.NOTED_EVERY - MOMENT):
        with django_assert_num_queries(1):
            tokens.holder(secret, now=now + late)
    assert Token.objects.get().last_used_at == now

    tokens.holder(secret, now=now + tokens.NOTED_EVERY)
    assert Token.objects.get().last_used_at == now + tokens.NOTED_EVERY
