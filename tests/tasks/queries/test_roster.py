"""The roster: what each agent has in its hands, and what came of its work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tasks.domain import agents, pauses, reclaiming
from tasks.models import Agent, Attempt
from tasks.queries import roster
from tests.tasks import states

DAY = timedelta(days=1)


def test_a_line_tells_what_an_agent_holds_reviews_and_did_lately(ada, bob, rita, write, now, settings):
    states.reach(write("Shipped"), "done", worker=ada, now=now)
    states.reject(states.reach(write("Rejected"), "validating", worker=ada, now=now), now=now)
    states.reach(write("Long ago"), "done", worker=ada, now=now - roster.LATELY - DAY)
    states.reach(write("Blocked"), "blocked", worker=ada, now=now)
    states.reach(write("Silent", now=now), "doing", worker=bob, now=now - settings.RECLAIM_AFTER)
    reclaiming.take_back(now=now)
    held = states.reach(write("Held"), "doing", worker=ada, now=now)
    waits = states.reach(write("Waits", reviewer="rita"), "validating", worker=bob, now=now)
    lines, after = roster.page(limit=9, after="", which="all", now=now)
    told = {line.agent.name: line for line in lines}
    assert (after, list(told)) == (None, ["ada", "bob", "judge", "olga", "rita"])
    assert (told["ada"].state, told["ada"].holds, told["ada"].holds_count) == ("working", [held], 1)
    assert told["ada"].lately == {"shipped": 1, "rejected": 1, "blocked": 1}
    assert told["bob"].lately == {"reclaimed": 1}
    assert (told["rita"].state, told["rita"].reviews) == ("reviewing", [waits])
    found, before = roster.attempts(ada, limit=2, before=None)
    assert [one.task for one in found] == [held, Attempt.objects.get(outcome="blocked").task]
    rest, end = roster.attempts(ada, limit=9, before=before)
    assert ([one.task.title for one in rest], end) == (["Long ago", "Rejected", "Shipped"], None)


def test_a_page_goes_on_after_a_name_and_shows_who_is_asked_for(ada, bob, rita, olga, zed, now, settings):
    Agent.objects.filter(pk=zed.pk).update(last_seen_at=now - settings.OFFLINE_AFTER)
    pauses.pause(bob, until=None, by=olga, now=now)
    assert roster.counts(now=now) == {"all": 5, "here": 4, "paused": 1, "team": 4, "team_paused": 1}

    def names(**asked):
        lines, after = roster.page(**{"limit": 2, "after": "", "which": "all", "now": now} | asked)
        return [line.agent.name for line in lines], after

    assert names() == (["ada", "bob"], "bob")
    assert names(after="bob") == (["olga", "rita"], "rita")
    assert names(after="rita") == (["zed"], None)
    assert names(which="paused") == (["bob"], None)
    assert names(which="here", after="olga") == (["rita"], None)


def test_of_many_tasks_the_first_are_shown_and_the_rest_are_counted(ada, write, now):
    agents.change(ada, by=None, now=now, wip_limit=9)
    held = [states.reach(write(), "doing", worker=ada, now=now) for _ in range(roster.SHOWN + 2)]
    [line] = roster.of_each([ada], now=now)
    assert (line.holds, line.holds_more) == (held[: roster.SHOWN], 2)


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_queries_does_not_grow(olga, write, now, count, django_assert_num_queries):
    for n in range(count):
        worker = agents.register(f"agent-{n}", now=now, last_seen_at=now)
        states.reach(write(), "blocked", worker=worker, now=now)
        states.reach(write(), "doing", worker=worker, now=now)
    with django_assert_num_queries(8):
        roster.page(limit=100, after="", which="all", now=now)
