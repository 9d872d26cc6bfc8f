"""Pauses: of one agent, and of the whole team."""

from datetime import timedelta

import pytest

from tasks.domain import agents, claims, pauses
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Event
from tasks.queries import team_pause
from tests.tasks import states

HOUR = timedelta(hours=1)


def test_a_paused_agent_is_given_nothing_and_keeps_what_it_holds(ada, bob, olga, write, now):
    held = states.reach(write(), "doing", worker=ada, now=now)
    write()
    pauses.pause_all(until=now + HOUR, by=olga, now=now)
    assert claims.next_task("ada", now=now) == claims.Work([held.pk], resumed=True)
    paused = claims.next_task("bob", now=now)
    assert isinstance(paused, claims.Nothing)
    assert (paused.reason, paused.until) == ("paused", now + HOUR)
    assert isinstance(claims.next_task("bob", now=now + HOUR), claims.Work)


def test_the_team_is_paused_in_one_event_and_a_longer_pause_is_not_shortened(ada, bob, olga, now):
    pauses.pause(ada, until=None, by=olga, now=now)
    assert pauses.pause_all(until=now + HOUR, by=olga, now=now) == 1
    ends = dict(Agent.objects.values_list("name", "paused_until"))
    assert ends == {"ada": team_pause.FOR_GOOD, "bob": now + HOUR, "olga": None}
    event = Event.objects.get(kind="team.paused")
    assert (event.agent, event.data) == (olga, {"agents": 1, "until": (now + HOUR).isoformat()})
    assert pauses.resume_all(by=olga, now=now) == 2
    assert set(Agent.objects.values_list("paused_until", flat=True)) == {None}
    assert Event.objects.get(kind="team.resumed").data == {"agents": 2}
    assert pauses.pause_all(until=None, by=olga, now=now) == 2


def test_who_registers_while_the_team_is_paused_is_paused_with_it(ada, olga, write, now):
    write()
    pauses.pause_all(until=now + 2 * HOUR, by=olga, now=now)
    pauses.pause_all(until=now + HOUR, by=olga, now=now)
    assert claims.next_task("first", now=now).until == now + 2 * HOUR
    assert agents.register("second", now=now).paused_until == now + 2 * HOUR
    assert agents.register("third", now=now, paused_until=None).paused_until == now + 2 * HOUR
    assert agents.register("hugo", now=now, kind=Agent.Kind.HUMAN).paused_until is None
    pauses.resume_all(by=olga, now=now)
    assert agents.register("fourth", now=now).paused_until is None

    pauses.pause_all(until=None, by=olga, now=now)
    assert agents.register("fifth", now=now).paused_until == team_pause.FOR_GOOD
    pauses.resume_all(by=olga, now=now)
    pauses.pause_all(until=now + HOUR, by=olga, now=now)
    assert agents.register("sixth", now=now + HOUR).paused_until is None


def test_one_agent_is_resumed_without_the_others(ada, bob, olga, now):
    pauses.pause_all(until=None, by=olga, now=now)
    pauses.resume(ada, by=olga, now=now)
    assert dict(Agent.objects.filter(kind="agent").values_list("name", "paused_until")) == {
        "ada": None,
        "bob": team_pause.FOR_GOOD,
    }


def test_a_pause_that_has_ended_is_refused(ada, olga, now):
    with pytest.raises(Invalid, match="ends in the future"):
        pauses.pause(ada, until=now, by=olga, now=now)
    with pytest.raises(Invalid, match="ends in the future"):
        pauses.pause_all(until=now, by=olga, now=now)
    assert agents.find("ada").paused_until is None
    assert not Event.objects.filter(kind__in=["team.paused", "agent.changed"]).exists()
