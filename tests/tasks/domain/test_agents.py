"""Agents: names, what an agent is, and how the board knows that it is alive."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tasks.domain import agents
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Event
from tasks.queries import presence
from tests.tasks import board_rows

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Ada", "ada"),
        ("  ada ", "ada"),
        ("a", "a"),
        ("0.x_-", "0.x_-"),
        ("x" * 40, "x" * 40),
        ("WORKER-3", "worker-3"),
    ],
)
def test_a_name_is_lower_cased_on_the_way_in(given, name):
    assert agents.clean_name(given) == name


@pytest.mark.parametrize(
    "given",
    [
        *(
            "",
            " ",
            "-ada",
            ".ada",
            "_ada",
            "ada lovelace",
            "a\nb",
            "ädä",
            "a/b",
            "../x",
            "<b>",
            "a\x00",
            "x" * 41,
        ),
        *("system", "SYSTEM", None, 7, True, ["ada"], {"name": "ada"}),
    ],
)
def test_anything_else_is_refused_naming_the_field(given):
    with pytest.raises(Invalid) as refusal:
        agents.clean_name(given, field="assignee")
    assert refusal.value.extra["errors"].keys() == {"assignee"}


def test_an_unknown_name_is_answered_with_the_nearest_ones(ada, bob, rita):
    with pytest.raises(agents.UnknownAgent, match="No agent is called adda") as refusal:
        agents.find("Adda")
    assert refusal.value.fix == "The nearest names are ada."


def test_an_unknown_name_that_is_like_none_points_to_the_list(ada):
    with pytest.raises(agents.UnknownAgent) as refusal:
        agents.find("qqqqqq")
    assert "GET /agents" in refusal.value.fix


def test_a_name_is_registered_on_its_first_use_and_found_from_then_on(db, now):
    agent, is_new = agents.find_or_register("Ada", now=now)
    assert (agent.name, agent.kind, agent.skills, agent.created_at, is_new) == ("ada", "agent", [], now, True)
    assert agents.find_or_register("ada", now=now + SECOND) == (agent, False)
    assert Event.objects.get().kind == "agent.registered"


def test_several_names_are_found_or_registered_at_once(ada, now, django_assert_num_queries):
    given = {"Ada": "reviewer", "ada": "assignee", "zoe": "tasks[1].reviewer", "Yan": "tasks[2].reviewer"}
    found, new = agents.find_or_register_all(given, now=now)
    assert found["Ada"] == found["ada"] == ada
    assert [agent.name for agent in new] == ["yan", "zoe"]
    assert (found["zoe"].name, found["Yan"].name) == ("zoe", "yan")
    with django_assert_num_queries(1):
        assert agents.find_or_register_all(given, now=now) == (found, [])


def test_a_registered_agent_has_the_facts_it_was_given(db, now):
    facts = {"kind": Agent.Kind.HUMAN, "role": "lead", "skills": ["go"], "wip_limit": 3, "paused_until": now}
    agents.register("Olga", now=now, **facts)
    agent = agents.find("olga")
    assert {name: getattr(agent, name) for name in facts} == facts


def test_a_name_is_registered_once(ada, now):
    before = board_rows.read()
    with pytest.raises(agents.AlreadyRegistered):
        agents.register("ADA", now=now, role="other")
    assert board_rows.read() == before


def test_a_change_sets_what_it_names_and_leaves_an_event(ada, olga, now):
    changed = agents.change(ada, by=olga, now=now, skills=["go", "sql"], wip_limit=2)
    ada.refresh_from_db()
    assert (changed.skills, ada.skills, ada.wip_limit, ada.kind) == (["go", "sql"], ["go", "sql"], 2, "agent")
    event = Event.objects.get(kind="agent.changed")
    assert (event.agent, event.data) == (olga, {"agent": "ada", "fields": ["skills", "wip_limit"]})


def test_a_limit_of_nothing_is_refused_by_the_row(ada, now):
    before = board_rows.read()
    with pytest.raises(IntegrityError), transaction.atomic():
        agents.change(ada, by=None, now=now, wip_limit=0)
    assert board_rows.read() == before


def test_a_heartbeat_stores_what_the_agent_says_and_an_event_only_when_its_state_changes(ada, now):
    agents.heartbeat(ada, status="working", note="on T-1", now=now + SECOND)
    ada.refresh_from_db()
    assert (ada.said_status, ada.said_note, ada.last_seen_at) == ("working", "on T-1", now + SECOND)
    agents.heartbeat(ada, status="working", note="still", now=now + 2 * SECOND)
    ada.refresh_from_db()
    assert (ada.said_note, ada.last_seen_at) == ("still", now + 2 * SECOND)
    assert Event.objects.get(kind="agent.presence").data == {"status": "working"}


def test_a_sign_of_life_is_written_at_most_every_fifteen_seconds(ada, now, django_assert_num_queries):
    with django_assert_num_queries(0):
        agents.saw(ada, now=now + 14 * SECOND)
    agents.saw(ada, now=now + 15 * SECOND)
    with django_assert_num_queries(0):
        agents.saw(ada, now=now + 29 * SECOND)
    ada.refresh_from_db()
    assert ada.last_seen_at == now + 15 * SECOND


def test_a_sign_of_life_never_goes_back_in_time(ada, now):
    late = agents.find("ada")
    agents.saw(ada, now=now + 60 * SECOND)
    agents.saw(late, now=now + 30 * SECOND)
    ada.refresh_from_db()
    assert ada.last_seen_at == now + 60 * SECOND


def test_an_agent_nobody_has_heard_of_is_not_alive_and_the_first_sign_is_written(db, now, settings):
    agent = agents.register("new", now=now)
    assert not presence.is_here(agent, now=now)
    agents.saw(agent, now=now)
    assert presence.is_here(agents.find("new"), now=now + settings.OFFLINE_AFTER - SECOND)
    assert not presence.is_here(agents.find("new"), now=now + settings.OFFLINE_AFTER)
