"""Signed-in users act as human agents of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from tasks.domain import agents, people
from tasks.models import Agent, Event


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(username="Olga")


def test_the_first_action_makes_a_human_agent(user: User, now: datetime):
    agent = people.acting_as(user.pk, username=user.username, now=now)

    assert (agent.name, agent.kind, agent.user_id, agent.last_seen_at) == (
        "olga",
        Agent.Kind.HUMAN,
        user.pk,
        now,
    )
    assert Event.objects.get().kind == "agent.registered"


def test_later_actions_are_by_the_same_agent_and_signs_of_life(user: User, now: datetime):
    first = people.acting_as(user.pk, username="Olga", now=now)
    later = now + timedelta(hours=1)

    again = people.acting_as(user.pk, username="Renamed", now=later)

    assert (again.pk, again.name, again.last_seen_at) == (first.pk, "olga", later)
    assert Event.objects.count() == 1


def test_a_name_that_is_taken_is_not_shared(user: User, olga: Agent, now: datetime):
    agents.register("olga-2", now=now)

    agent = people.acting_as(user.pk, username="Olga", now=now)

    assert agent.name == "olga-3"
    olga.refresh_from_db()
    assert olga.user_id is None


@pytest.mark.parametrize(
    ("username", "name"),
    [
        ("olga@example.org", "olga-example.org"),
        ("Jürgen", "jurgen"),
        ("+_-.", "human"),
        ("岡", "human"),
        ("System", "system-2"),
        ("x" * 150, "x" * 40),
        ("_olga_", "olga"),
    ],
)
def test_the_name_follows_the_username(user: User, now: datetime, username: str, name: str):
    assert people.acting_as(user.pk, username=username, now=now).name == name


def test_a_long_name_that_is_taken_gets_its_number_within_the_length(user: User, now: datetime):
    agents.register("x" * 40, now=now)

    assert people.acting_as(user.pk, username="x" * 150, now=now).name == "x" * 38 + "-2"


def test_whoever_was_first_for_the_same_user_is_taken(
    user: User, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    """Two requests of one person at once: the second finds the row that it could not see when it looked."""
    register = agents.register

    def be_second(name: str, **facts: object) -> Agent:
        monkeypatch.setattr(agents, "register", register)
        register("first", **facts)  # type: ignore[arg-type]
        return register(name, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(agents, "register", be_second)

    assert people.acting_as(user.pk, username="olga", now=now).name == "first"
    assert Agent.objects.count() == 1
