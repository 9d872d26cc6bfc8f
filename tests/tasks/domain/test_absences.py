"""Absences: who went offline and who came back, told once each."""

from datetime import timedelta

from tasks.domain import absences, agents
from tasks.models import Agent, Event
from tests.tasks import board_rows, states

SECOND = timedelta(seconds=1)


def told():
    return list(Event.objects.filter(kind="agent.presence").order_by("pk").values_list("agent__name", "data"))


def test_an_agent_that_falls_silent_is_told_of_once_and_so_is_its_return(ada, write, now, settings):
    gone = now + settings.OFFLINE_AFTER
    Agent.objects.filter(name="olga").update(last_seen_at=gone + 10 * SECOND)
    assert absences.notice(now=gone - SECOND) == 0
    assert absences.notice(now=gone) == 1
    assert told() == [("ada", {"status": "offline"})]
    before = board_rows.read()
    assert absences.notice(now=gone + SECOND) == 0
    assert board_rows.read() == before

    states.reach(write(), "doing", worker=ada, now=gone)
    agents.saw(agents.find("ada"), now=gone + 20 * SECOND)
    assert absences.notice(now=gone + 20 * SECOND) == 1
    assert told()[1:] == [("ada", {"status": "working"})]
    assert absences.notice(now=gone + 21 * SECOND) == 0


def test_nobody_who_was_never_seen_is_offline(now, db):
    agents.register("named-as-a-reviewer", now=now)
    assert absences.notice(now=now + timedelta(days=9)) == 0
    assert told() == []
