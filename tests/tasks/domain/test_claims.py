"""`next`: who is given which task."""

from datetime import timedelta

import pytest

from tasks.domain import agents, claims, closing, lifecycle, reservations
from tasks.models import Attempt, Event, Project, Task
from tests.tasks import board_rows

MINUTE = timedelta(minutes=1)


def test_the_one_ready_task_is_given_to_who_asks(ada, write, now):
    task = write()
    assert claims.next_task("ada", now=now) == claims.Work([task.pk], resumed=False)


def test_a_claim_writes_down_who_holds_the_task_under_which_lease_until_when(ada, write, now, settings):
    task = write()
    claims.next_task("ada", now=now)

    task.refresh_from_db()
    assert (task.status, task.assignee, task.lease_token, task.attempts) == ("doing", ada, 1, 1)
    assert task.lease_expires_at == now + settings.RECLAIM_AFTER
    assert task.stale_at == now + settings.STALE_AFTER
    attempt = Attempt.objects.get()
    assert (attempt.task, attempt.agent, attempt.token) == (task, ada, 1)
    assert (attempt.started_at, attempt.ended_at, attempt.outcome) == (now, None, None)
    event = Event.objects.get(kind="task.claimed")
    assert (event.task, event.agent, event.at, event.data) == (task, ada, now, {"token": 1})


def test_priority_comes_before_age_and_age_before_the_id(ada, write, now):
    write("late", now=now + MINUTE)
    write("early", now=now)
    write("early too", now=now)
    write("urgent", priority=0, now=now + 2 * MINUTE)
    write("low", priority=3, now=now - MINUTE)
    assert drain("ada", now) == ["urgent", "early", "early too", "late", "low"]


def test_the_order_holds_across_projects_skills_and_reviewers(ada, rita, write, now):
    agents.change(ada, by=None, now=now, skills=["go", "sql"])
    write("5", now=now + 4 * MINUTE)
    write("1", priority=1, project="other", now=now + 9 * MINUTE)
    write("4", skills=["sql", "go"], reviewer="rita", now=now + 3 * MINUTE)
    write("2", reviewer="rita", now=now + MINUTE)
    write("3", skills=["go"], project="other", now=now + 2 * MINUTE)
    assert drain("ada", now) == ["1", "2", "3", "4", "5"]


def test_what_is_reserved_for_the_agent_comes_before_everything_else(ada, write, now):
    write("urgent", priority=0)
    write("mine, low", priority=3, assignee="ada")
    write("mine, later", priority=2, assignee="ada", now=now + MINUTE)
    write("mine", priority=2, assignee="ada")
    assert drain("ada", now) == ["mine", "mine, later", "mine, low", "urgent"]


def test_a_task_needs_all_its_skills_in_the_agent(ada, write, now):
    write("both", skills=["go", "sql"])
    write("one", skills=["go"])
    write("none")
    agents.change(ada, by=None, now=now, skills=["go", "css"])
    assert drain("ada", now) == ["one", "none"]


def test_a_skill_is_a_whole_word_and_not_a_part_of_one(ada, write, now):
    write(skills=["go"])
    agents.change(ada, by=None, now=now, skills=["golang", "g", 'g","o', "ö", "go "])
    assert drain("ada", now) == []
    agents.change(ada, by=None, now=now, skills=["go"])
    assert drain("ada", now) == ["Fix login"]


def test_a_task_reserved_for_an_agent_without_its_skills_is_not_given_to_it(ada, write, now):
    """`next` and `claim` agree: a missing skill is missing, whoever reserved the task."""
    task = write("mine", skills=["go"], assignee="ada")
    write("free")
    assert drain("ada", now) == ["free"]
    with pytest.raises(claims.NotReady, match="needs skills that ada does not have: go"):
        claims.claim(task, by=agents.find("ada"), now=now)


def test_the_reviewer_of_a_task_is_never_given_it(rita, ada, write, now):
    write("hers to review", reviewer="rita")
    write("open")
    assert drain("rita", now) == ["open"]
    assert drain("ada", now) == ["hers to review"]


@pytest.mark.parametrize(
    "draft",
    [
        {"done_criteria": []},
        {"depends_on": ["{first}"]},
        {"skills": ["go"]},
        {"assignee": "bob"},
        {"reviewer": "ada"},
        {"not_before": "later"},
    ],
)
def test_a_task_nobody_here_can_work_on_never_stops_the_queue(ada, bob, write, now, draft):
    first = write("held by bob")
    claims.claim(first, by=bob, now=now)
    if "depends_on" in draft:
        draft = {"depends_on": [first.ref]}
    if "not_before" in draft:
        draft = {"not_before": now + MINUTE}
    for title in "abc":
        write(title, priority=0, **draft)
    write("behind them", priority=3)
    assert drain("ada", now) == ["behind them"]


def test_a_project_narrows_what_is_given(ada, write, now):
    write("here")
    write("there", project="other")
    write("mine, here", assignee="ada")
    assert drain("ada", now, project="other") == ["there"]
    assert drain("ada", now, project="nowhere") == []
    assert drain("ada", now, project=Project.DEFAULT) == ["mine, here", "here"]


def test_a_label_narrows_what_is_given_in_the_same_order(ada, write, now):
    write("plain")
    write("3", labels=["api", "urgent"], now=now + MINUTE)
    write("2", labels=["api"])
    write("other", labels=["ap", "API", "api "])
    write("1", labels=["api"], assignee="ada", priority=3)
    write("mine, plain", assignee="ada")
    assert drain("ada", now, label="api") == ["1", "2", "3"]


def test_a_label_and_a_project_narrow_together(ada, write, now):
    write("wrong project", labels=["api"])
    write("wrong label", project="other", labels=["ui"])
    write("right", project="other", labels=["api"])
    assert drain("ada", now, label="api", project="other") == ["right"]


def test_a_labelled_task_that_is_reserved_for_someone_else_is_not_given(ada, bob, write, now):
    write("bobs", labels=["api"], assignee="bob")
    assert drain("ada", now, label="api") == []
    assert drain("bob", now, label="api") == ["bobs"]


def test_a_task_is_given_from_its_not_before_on_and_not_a_moment_earlier(ada, write, now):
    write(not_before=now + MINUTE)
    assert drain("ada", now + MINUTE - timedelta(microseconds=1)) == []
    assert drain("ada", now + MINUTE) == ["Fix login"]


def test_a_task_whose_date_has_passed_takes_its_place_in_the_order(ada, write, now):
    write("second", now=now + MINUTE)
    write("first", not_before=now + MINUTE, labels=["api"])
    assert drain("ada", now + MINUTE) == ["first", "second"]


def test_a_reservation_holds_until_its_time_and_then_the_task_is_anyones(ada, bob, write, now):
    task = write(labels=["api"])
    reservations.reserve(task, bob, by=None, now=now, until=now + MINUTE)
    assert drain("ada", now) == []
    assert drain("ada", now + MINUTE, label="api") == ["Fix login"]
    assert Event.objects.filter(kind="task.reservation_lapsed", task=task).count() == 1


def test_a_reservation_made_with_the_task_never_lapses(ada, bob, write, now):
    write(assignee="bob")
    assert drain("ada", now + timedelta(days=3650)) == []
    assert drain("bob", now + timedelta(days=3650)) == ["Fix login"]


def test_an_agent_that_calls_for_the_first_time_is_registered_and_given_work(write, now):
    task = write()
    assert claims.next_task("new.one", now=now) == claims.Work([task.pk], resumed=False)
    agent = agents.find("new.one")
    assert (agent.kind, agent.skills, agent.last_seen_at) == ("agent", [], now)
    assert Event.objects.get(kind="agent.registered", agent=agent).at == now


def test_asking_is_a_sign_of_life(ada, write, now):
    claims.next_task("ada", now=now + MINUTE)
    ada.refresh_from_db()
    assert ada.last_seen_at == now + MINUTE


def test_an_answer_that_there_is_nothing_changes_nothing_on_the_board(ada, write, now):
    write(skills=["go"])
    before = board_rows.read()
    assert isinstance(claims.next_task("ada", now=now), claims.Nothing)
    assert board_rows.read() == before


def test_a_task_that_comes_back_is_given_again_under_a_higher_token(ada, bob, olga, write, now):
    task = write()
    claims.next_task("ada", now=now)
    closing.take_back(task, by=None, reason="Silent for an hour", now=now)
    assert claims.next_task("bob", now=now) == claims.Work([task.pk], resumed=False)
    task.refresh_from_db()
    assert (task.assignee, task.lease_token, task.attempts) == (bob, 3, 2)


def drain(name, now, **narrowed):
    """The titles of all that `next` gives the agent one after another, each cancelled to make room for the next."""
    titles = []
    while isinstance(found := claims.next_task(name, now=now, **narrowed), claims.Work):
        assert not found.resumed
        titles.append(Task.objects.get(pk=found.task_ids[0]).title)
        assert lifecycle.move(found.task_ids[0], "cancel", now=now, by=None)
    return titles
