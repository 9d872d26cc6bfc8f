"""One-time links: each lets one account in, once, while it lives."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from tasks.domain import hashing, people, sign_in
from tasks.models import Agent, SignInLink

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(username="olga")


def test_a_link_lets_its_account_in_once(user: User, now: datetime):
    link = sign_in.issue("olga", now=now)

    assert sign_in.look(link.secret, now=now) == "olga"
    assert sign_in.redeem(link.secret, now=now) == user.pk
    with pytest.raises(sign_in.SpentLink, match="was used at 12:00 UTC") as refused:
        sign_in.redeem(link.secret, now=now)
    assert "agentboard sign-in" in refused.value.fix


def test_looking_at_a_link_does_not_use_it_up(user: User, now: datetime):
    link = sign_in.issue("olga", now=now)
    for _ in range(3):
        sign_in.look(link.secret, now=now)

    assert sign_in.redeem(link.secret, now=now) == user.pk


def test_a_link_can_be_used_until_its_time_is_up(user: User, now: datetime):
    early, late = (sign_in.issue("olga", now=now) for _ in range(2))
    over = now + sign_in.LIFETIME

    assert early.expires_at == over
    assert sign_in.redeem(early.secret, now=over - MOMENT) == user.pk
    with pytest.raises(sign_in.SpentLink, match="could be used until 12:30 UTC"):
        sign_in.look(late.secret, now=over)
    with pytest.raises(sign_in.SpentLink):
        sign_in.redeem(late.secret, now=over)


@pytest.mark.parametrize("secret", ["", "x" * 43, "\0", "ä\udcff"])
def test_an_address_that_is_no_links_is_refused(user: User, now: datetime, secret: str):
    sign_in.issue("olga", now=now)

    with pytest.raises(sign_in.UnknownLink):
        sign_in.redeem(secret, now=now)


def test_an_account_that_is_switched_off_gets_no_link_and_is_let_in_by_none(user: User, now: datetime):
    link = sign_in.issue("olga", now=now)
    User.objects.update(is_active=False)

    with pytest.raises(sign_in.SwitchedOff):
        sign_in.issue("olga", now=now)
    with pytest.raises(sign_in.SwitchedOff):
        sign_in.redeem(link.secret, now=now)
    assert SignInLink.objects.get().used_at is None


def test_a_name_nobody_has_gets_no_link(db: None, now: datetime):
    with pytest.raises(people.UnknownUser, match="No account is called ogla"):
        sign_in.issue("ogla", now=now)
    assert not User.objects.exists()


def test_the_secret_is_nowhere_in_the_database(user: User, now: datetime):
    link = sign_in.issue("olga", now=now)

    (row,) = SignInLink.objects.values()
    assert row["secret_hash"] == hashing.of(link.secret)
    assert link.secret not in str(row)
    assert len(link.secret) == 43


def test_links_are_forgotten_a_week_after_their_time(user: User, now: datetime):
    old = sign_in.issue("olga", now=now)
    sign_in.issue("olga", now=now + sign_in.LIFETIME + sign_in.REMEMBERED)
    with pytest.raises(sign_in.SpentLink):
        sign_in.look(old.secret, now=now + timedelta(days=7))

    sign_in.issue("olga", now=now + sign_in.LIFETIME + sign_in.REMEMBERED + MOMENT)

    assert SignInLink.objects.count() == 2
    with pytest.raises(sign_in.UnknownLink):
        sign_in.look(old.secret, now=now + timedelta(days=8))


@pytest.mark.parametrize(
    ("login", "username"),
    [("olga", "olga"), ("root", "operator"), ("", "operator"), ("CORP\\Olga", "corp-olga")],
)
def test_whoever_runs_the_board_is_a_superuser_without_a_password(db: None, login: str, username: str):
    assert [people.operator(login), people.operator(login)] == [username] * 2

    user = User.objects.get()
    assert (user.username, user.is_superuser, user.is_staff) == (username, True, True)
    assert not user.has_usable_password()
    # A board that nobody has acted on is still empty, and can be restored to.
    assert not Agent.objects.exists()


def test_an_account_that_is_there_keeps_what_it_may_do(user: User):
    assert people.operator("olga") == "olga"

    assert User.objects.values("is_superuser", "is_staff").get() == {"is_superuser": False, "is_staff": False}
