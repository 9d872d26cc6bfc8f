"""`next` when the answer is not a new task: the WIP limit, a pause, and the reason why there is nothing."""

from datetime import timedelta

import pytest

from tasks.domain import agents, claims, closing
from tasks.models import Attempt
from tests.tasks import board_rows

MINUTE = timedelta(minutes=1)


def test_an_agent_at_its_limit_is_given_its_task_again_under_the_same_lease(ada, write, now):
    task = write()
    write("another", priority=0, assignee="ada", now=now + MINUTE)
    claims.claim(task, by=ada, now=now)
    before = board_rows.read()

    found = claims.next_task("ada", now=now)

    assert found == claims.Work([task.pk], resumed=True)
    assert board_rows.read() == before


def test_a_resumed_task_is_given_whatever_the_call_narrows_and_though_the_agent_is_paused(ada, write, now):
    task = write(labels=["api"])
    claims.next_task("ada", now=now)
    agents.change(ada, by=None, now=now, paused_until=now + MINUTE, skills=["go"])
    found = claims.next_task("ada", now=now, project="other", label="ui")
    assert found == claims.Work([task.pk], resumed=True)


def test_a_higher_limit_gives_new_tasks_until_it_is_reached_and_then_all_of_them_oldest_lease_first(
    ada, write, now
):
    third, first, second = write("third", priority=3), write("first", priority=0), write("second", priority=1)
    write("one too many", priority=3)
    agents.change(ada, by=None, now=now, wip_limit=3)

    given = [claims.next_task("ada", now=now + at * MINUTE) for at in range(4)]

    assert given[:3] == [claims.Work([task.pk], resumed=False) for task in (first, second, third)]
    assert given[3] == claims.Work([first.pk, second.pk, third.pk], resumed=True)


def test_the_servers_limit_holds_for_agents_without_their_own(ada, bob, write, now, settings):
    settings.WIP_LIMIT = 2
    for _ in range(4):
        write()
    agents.change(bob, by=None, now=now, wip_limit=1)
    assert [claims.next_task("ada", now=now).resumed for _ in range(3)] == [False, False, True]
    assert [claims.next_task("bob", now=now).resumed for _ in range(2)] == [False, True]


def test_a_limit_that_was_lowered_takes_nothing_away_and_gives_nothing_new(ada, write, now):
    for _ in range(3):
        write()
    agents.change(ada, by=None, now=now, wip_limit=2)
    held = [claims.next_task("ada", now=now).task_ids[0] for _ in range(2)]
    agents.change(ada, by=None, now=now, wip_limit=1)
    assert claims.next_task("ada", now=now) == claims.Work(held, resumed=True)


def test_a_task_that_was_taken_away_makes_room(ada, olga, write, now):
    first, second = write("first"), write("second")
    claims.next_task("ada", now=now)
    closing.cancel(first, by=olga, reason="Not needed", now=now)
    assert claims.next_task("ada", now=now) == claims.Work([second.pk], resumed=False)


def test_a_paused_agent_is_given_nothing_until_the_pause_is_over(ada, write, now):
    task = write()
    agents.change(ada, by=None, now=now, paused_until=now + MINUTE)
    assert claims.next_task("ada", now=now) == claims.Nothing("paused", until=now + MINUTE)
    assert not Attempt.objects.exists()
    assert claims.next_task("ada", now=now + MINUTE) == claims.Work([task.pk], resumed=False)


def test_an_empty_board_says_that_nothing_is_ready(ada, now):
    counts = {"other_skills": 0, "waiting": 0, "reserved": 0}
    assert claims.next_task("ada", now=now) == claims.Nothing("nothing_ready", counts)


def test_the_reason_and_the_counts_say_what_there_is_and_why_it_is_not_for_this_agent(ada, bob, write, now):
    held = write("held")
    claims.claim(held, by=bob, now=now)
    write("reserved", assignee="bob")
    write("hers to review", reviewer="ada")
    write("no criteria", done_criteria=[])
    assert nothing("ada", now) == ("nothing_ready", 0, 0, 1)

    for title in "ab":
        write(title, depends_on=[held.ref])
    assert nothing("ada", now) == ("waiting_on_dependencies", 0, 2, 1)

    for title in "abc":
        write(title, skills=["go"])
    write("reserved, but for skills she lacks", skills=["sql"], assignee="ada")
    assert nothing("ada", now) == ("no_matching_skills", 4, 2, 1)


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"project": "other"}, ("no_matching_skills", 1, 1, 1)),
        ({"label": "api"}, ("no_matching_skills", 1, 1, 1)),
        ({"project": "other", "label": "api"}, ("nothing_ready", 0, 0, 0)),
        ({"project": "nowhere"}, ("nothing_ready", 0, 0, 0)),
        ({"label": "nothing"}, ("nothing_ready", 0, 0, 0)),
    ],
)
def test_the_reason_is_about_what_was_asked_for(ada, bob, write, now, narrowed, expected):
    for place in ({"project": "other"}, {"labels": ["api"]}):
        write(skills=["go"], **place)
        write(assignee="bob", **place)
        blocker = write(assignee="bob")
        write(depends_on=[blocker.ref], **place)
    assert nothing("ada", now, **narrowed) == expected


def test_the_counts_stop_at_a_thousand(ada, now, olga):
    from tasks.domain import authoring

    drafts = [authoring.Draft(title="x", done_criteria=["y"], skills=["go"]) for _ in range(1001)]
    authoring.write(drafts, by=olga, now=now)
    assert nothing("ada", now) == ("no_matching_skills", 1000, 0, 0)


def nothing(name, now, **narrowed):
    found = claims.next_task(name, now=now, **narrowed)
    assert isinstance(found, claims.Nothing)
    return (found.reason, *(found.counts[kind] for kind in ("other_skills", "waiting", "reserved")))
