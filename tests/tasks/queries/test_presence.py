"""Presence: what each agent is doing, as far as the board can know."""

from datetime import timedelta

import pytest

from tasks.domain import agents
from tasks.queries import presence
from tests.tasks import states

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("said", "holds", "state"),
    [
        ("", False, "idle"),
        ("", True, "working"),
        ("idle", True, "working"),
        ("working", False, "idle"),
        ("working", True, "working"),
        ("blocked", False, "blocked"),
        ("blocked", True, "blocked"),
        ("reviewing", False, "reviewing"),
    ],
)
def test_an_agent_is_what_it_holds_unless_it_says_what_the_board_cannot_know(
    ada, write, now, said, holds, state
):
    task = states.reach(write(), "doing", worker=ada, now=now) if holds else None
    agents.heartbeat(ada, status=said, note="", now=now)
    found = presence.of(agents.find("ada"), now=now)
    assert (found.state, found.holds) == (state, [task.pk] if task else [])


def test_an_agent_that_gives_no_sign_of_life_is_offline_whatever_it_said_and_holds(ada, write, now, settings):
    states.reach(write(), "doing", worker=ada, now=now)
    agents.heartbeat(ada, status="blocked", note="", now=now)
    agent = agents.find("ada")
    assert presence.of(agent, now=now + settings.OFFLINE_AFTER - SECOND).state == "blocked"
    assert presence.of(agent, now=now + settings.OFFLINE_AFTER).state == "offline"
    assert presence.of(agents.register("new", now=now), now=now).state == "offline"


def test_agents_are_paged_by_name_in_three_queries(
    ada, bob, rita, zed, write, now, django_assert_num_queries
):
    agents.change(ada, by=None, now=now, wip_limit=2)
    held = [states.reach(write(), "doing", worker=ada, now=now).pk for _ in range(2)]
    with django_assert_num_queries(3):
        page = presence.page(limit=2, after="", now=now)
    assert [(one.agent.name, one.holds) for one in page] == [("ada", held), ("bob", []), ("olga", [])]
    assert [one.agent.name for one in presence.page(limit=9, after="bob", now=now)] == ["olga", "rita", "zed"]
    assert presence.page(limit=9, after="zed", now=now) == []


def test_an_agent_with_a_review_that_is_leased_to_it_is_reviewing(ada, bob, rita, write, now, settings):
    states.reach(write(reviewer="rita"), "validating", worker=ada, now=now)
    agents.heartbeat(rita, status="", note="", now=now + settings.REVIEW_AFTER)
    rita = agents.find("rita")
    assert presence.of(rita, now=now).state == "reviewing"
    assert presence.of(rita, now=now + settings.REVIEW_AFTER).state == "idle"
    states.reach(write(), "doing", worker=rita, now=now)
    assert presence.of(rita, now=now).state == "working"
