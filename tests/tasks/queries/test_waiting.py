"""Waiting callers: of many tickets, those are woken for which there may be work, one for each ready task."""

from datetime import timedelta

import pytest

from tasks.domain import agents, claims, closing, reservations
from tasks.queries import waiting

MINUTE = timedelta(minutes=1)


@pytest.fixture
def crowd(ada, bob, rita, zed):
    """Ten who wait for anything."""
    return [ticket(agent) for agent in (ada, bob, zed) * 3] + [ticket(rita)]


def test_nobody_is_woken_for_nothing(crowd, write, bob, now):
    assert wake([], now) == []
    assert wake(crowd, now) == []
    write(done_criteria=[])
    write(not_before=now + MINUTE)
    blocker = write(skills=["cobol"])
    write(depends_on=[blocker.ref])
    assert wake(crowd, now) == []


@pytest.mark.parametrize("tasks", [1, 3, 10, 12])
def test_one_is_woken_for_each_ready_task_in_the_order_they_came(crowd, write, now, tasks):
    for _ in range(tasks):
        write()
    assert wake(crowd, now) == list(range(min(tasks, 10)))


def test_a_task_in_two_queues_wakes_one(ada, bob, zed, write, now):
    """The same task is to be had with its label, with its project and without either."""
    write(labels=["api", "ui"], project="shop")
    tickets = [
        ticket(ada, label="none"),
        ticket(bob, label="api"),
        ticket(zed),
        ticket(ada, project="shop"),
        ticket(ada, label="ui", project="shop"),
    ]
    assert wake(tickets, now) == [1]
    assert wake(tickets[2:], now) == [0]
    assert wake(tickets[3:], now) == [0]


def test_each_narrowed_caller_is_woken_for_its_own(ada, bob, zed, write, now):
    write(labels=["api"])
    write(project="shop")
    tickets = [
        ticket(ada, label="ui"),
        ticket(ada, label="api", project="shop"),
        ticket(bob, project="shop"),
        ticket(zed, project="other"),
        ticket(ada, label="api"),
        ticket(zed),
    ]
    assert wake(tickets, now) == [2, 4]


def test_nobody_is_woken_for_skills_it_lacks(ada, bob, zed, write, now):
    write(skills=["go", "sql"])
    agents.change(ada, by=None, now=now, skills=["go"])
    agents.change(zed, by=None, now=now, skills=["sql", "go", "css"])
    assert wake([ticket(agents.find("ada")), ticket(bob), ticket(agents.find("zed"))], now) == [2]


def test_nobody_is_woken_for_what_it_reviews(rita, ada, write, now):
    write(reviewer="rita")
    assert wake([ticket(rita), ticket(ada)], now) == [1]


def test_a_paused_agent_sleeps_until_its_pause_is_over(ada, bob, write, now):
    write()
    tickets = [ticket(ada, until=now + MINUTE), ticket(bob)]
    assert wake(tickets, now) == [1]
    assert wake(tickets, now + MINUTE) == [0]


def test_a_reserved_task_wakes_the_agent_it_is_reserved_for(ada, bob, write, now):
    write(assignee="bob")
    assert wake([ticket(ada), ticket(bob), ticket(bob)], now) == [1]


def test_a_reserved_task_that_was_not_asked_for_wakes_nobody(ada, bob, write, now):
    """Or its agent would be woken again and again, and find nothing each time."""
    write(assignee="ada", labels=["api"], project="shop")
    write(assignee="bob", skills=["go"])
    tickets = [ticket(ada, label="ui"), ticket(ada, project="other"), ticket(bob)]
    assert wake(tickets, now) == []
    assert wake([*tickets, ticket(ada, label="api", project="shop")], now) == [3]


@pytest.mark.parametrize("kind", ["reservation", "date"])
def test_when_something_falls_due_the_first_one_awake_is_sent_to_put_it_right(
    ada, bob, zed, write, now, kind
):
    task = write(skills=["go"], not_before=now + MINUTE if kind == "date" else None)
    if kind == "reservation":
        reservations.reserve(task, zed, by=None, now=now, until=now + MINUTE)
    tickets = [ticket(ada, until=now + 5 * MINUTE), ticket(bob), ticket(zed)]
    assert wake(tickets, now) == []
    assert wake(tickets, now + MINUTE) == [1]
    assert isinstance(claims.next_task("bob", now=now + MINUTE), claims.Nothing)
    assert wake(tickets, now + MINUTE) == []


def test_when_all_are_paused_what_is_due_waits_for_them(ada, write, now):
    write(not_before=now)
    write(not_before=now + MINUTE)
    assert wake([ticket(ada, until=now + 5 * MINUTE)], now + MINUTE) == []


@pytest.mark.parametrize(
    "narrowed", [{}, {"label": "api"}, {"project": "main"}, {"label": "api", "project": "main"}]
)
def test_whoever_is_woken_is_given_a_task_and_nobody_else_would_have_been(
    ada, bob, rita, zed, olga, write, now, narrowed
):
    """Waking is a hint, but with nobody in between it is exact: of those who wait, those who were woken find work."""
    agents.change(zed, by=None, now=now, skills=["go"])
    write(labels=["api"], reviewer="rita")
    write(labels=["api"], skills=["go"])
    write(labels=["ui"], assignee="bob")
    write(labels=["api"], project="other")
    names = ["rita", "ada", "bob", "zed", "olga"]
    woken = wake([ticket(agents.find(name), **narrowed) for name in names], now)
    found = [isinstance(claims.next_task(name, now=now, **narrowed), claims.Work) for name in names]
    assert [at in woken for at in range(len(names))] == found


def test_a_task_that_is_taken_wakes_nobody_any_more_and_one_that_comes_back_does(ada, bob, write, now):
    task = write(labels=["api"])
    tickets = [ticket(bob), ticket(bob, label="api")]
    claims.claim(task, by=ada, now=now)
    assert wake(tickets, now) == []
    closing.take_back(task, by=None, reason="Silent", now=now)
    assert wake(tickets, now) == [0]


def test_looking_costs_a_few_queries_however_many_wait(ada, bob, write, now, django_assert_max_num_queries):
    for skill in ("go", "sql", "css", "c"):
        write(skills=[skill], labels=["api"])
    agents.change(ada, by=None, now=now, skills=["go"])
    tickets = [ticket(agents.find("ada"), label=label) for label in (None, "api")] * 250 + [ticket(bob)] * 500
    with django_assert_max_num_queries(6):
        assert wake(tickets, now) == [0]


@pytest.mark.parametrize("name", ['"', "ü", "🧵", "%(x)s", "'); --", "a\\b"])
def test_a_ticket_carries_any_text_in_letters_an_address_takes(ada, bob, write, now, name):
    write(labels=[name])
    one = ticket(bob, label=name)
    assert one.replace("-", "").replace("_", "").replace("=", "").isalnum()
    assert wake([ticket(ada, label="other"), one], now) == [1]


def ticket(agent, *, until=None, project=None, label=None):
    return waiting.ticket(agent, until=until, project=project, label=label)


def wake(tickets, now):
    return waiting.find_wakeable(tickets, now=now)
