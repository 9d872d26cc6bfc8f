"""`claim`: a task that was asked for by its id."""

from datetime import timedelta

import pytest

from tasks.domain import agents, claims, reservations
from tasks.domain.refusals import Conflict
from tests.tasks import board_rows

MINUTE = timedelta(minutes=1)


def test_a_ready_task_is_given_to_who_claims_it_whatever_else_is_ready(ada, write, now):
    write("urgent", priority=0)
    task = write("low", priority=3)
    assert claims.claim(task, by=ada, now=now) == claims.Work([task.pk], resumed=False)
    task.refresh_from_db()
    assert (task.assignee, task.lease_token) == (ada, 1)


def test_a_claim_of_what_the_agent_holds_gives_it_again(ada, write, now):
    task = write()
    claims.claim(task, by=ada, now=now)
    before = board_rows.read()
    assert claims.claim(task, by=ada, now=now + MINUTE) == claims.Work([task.pk], resumed=True)
    assert board_rows.read() == before


def test_a_claim_of_what_someone_else_holds_names_the_holder(ada, bob, write, now):
    task = write()
    claims.claim(task, by=bob, now=now)
    refusal = refused(claims.AlreadyClaimed, task, ada, now + timedelta(minutes=4))
    assert refusal.code == "already_claimed"
    assert refusal.extra == {"holder": {"agent": "bob", "alive": True, "since": now}}
    assert "GET /tasks/next?agent=ada" in refusal.fix

    gone = refused(claims.AlreadyClaimed, task, ada, now + timedelta(minutes=6))
    assert gone.extra["holder"]["alive"] is False


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ({"done_criteria": []}, "has no done criteria yet"),
        ({"depends_on": ["{other}"]}, "waits for {other}"),
        ({"not_before": "later"}, "is not to be started before 2026-03-02T12:01"),
        ({"assignee": "bob"}, "is reserved for bob for good"),
        ({"reviewer": "ada"}, "ada is the reviewer of {task}"),
        ({"skills": ["sql", "go", "css"]}, "needs skills that ada does not have: css, sql"),
    ],
)
def test_a_claim_of_what_is_not_ready_says_why_and_leaves_no_trace(ada, bob, write, now, draft, words):
    agents.change(ada, by=None, now=now, skills=["go"])
    other = write("other")
    if "depends_on" in draft:
        draft = {"depends_on": [other.ref]}
    if "not_before" in draft:
        draft = {"not_before": now + MINUTE}
    task = write(**draft)
    refusal = refused(claims.NotReady, task, agents.find("ada"), now)
    assert refusal.code == "not_ready"
    assert words.format(other=other.ref, task=task.ref) in refusal.detail


def test_the_refusal_names_up_to_ten_open_dependencies_and_counts_the_rest(ada, olga, write, now):
    others = [write(f"other {at}") for at in range(12)]
    task = write(depends_on=[other.ref for other in others])
    detail = refused(claims.NotReady, task, ada, now).detail
    assert detail.endswith(", ".join(other.ref for other in others[:10]) + " and 2 more.")


def test_a_claim_beyond_the_limit_names_what_the_agent_holds(ada, write, now):
    held, task = write("held"), write("more")
    claims.claim(held, by=ada, now=now)
    detail = refused(claims.NotReady, task, ada, now).detail
    assert detail == f"ada holds {held.ref} and its WIP limit is 1."
    agents.change(ada, by=None, now=now, wip_limit=2)
    assert claims.claim(task, by=ada, now=now).task_ids == [task.pk]


def test_at_a_high_limit_the_refusal_names_some_of_what_is_held(ada, write, now):
    agents.change(ada, by=None, now=now, wip_limit=7)
    for _ in range(7):
        claims.claim(write(), by=ada, now=now)
    with pytest.raises(
        claims.NotReady, match=r"^ada holds (T-\d+, ){4}T-\d+ and 2 more and its WIP limit is 7"
    ):
        claims.claim(write(), by=ada, now=now)


def test_a_paused_agent_claims_nothing_but_keeps_what_it_holds(ada, write, now):
    held, task = write("held"), write("more")
    claims.claim(held, by=ada, now=now)
    agents.change(ada, by=None, now=now, paused_until=now + MINUTE, wip_limit=5)
    assert "ada is paused until 2026-03-02T12:01" in refused(claims.NotReady, task, ada, now).detail
    assert claims.claim(held, by=ada, now=now).resumed


def test_a_reservation_that_has_run_out_no_longer_stands_in_the_way(ada, bob, write, now):
    task = write()
    reservations.reserve(task, bob, by=None, now=now, until=now + MINUTE)
    words = f"{task.ref} is reserved for bob until 2026-03-02T12:01"
    assert words in refused(claims.NotReady, task, ada, now).detail
    assert claims.claim(task, by=ada, now=now + MINUTE).task_ids == [task.pk]


def test_a_date_that_has_passed_no_longer_stands_in_the_way(ada, write, now):
    task = write(not_before=now + MINUTE)
    assert claims.claim(task, by=ada, now=now + MINUTE).task_ids == [task.pk]


def test_the_agent_a_task_is_reserved_for_claims_it(ada, write, now):
    task = write(assignee="ada")
    assert claims.claim(task, by=ada, now=now) == claims.Work([task.pk], resumed=False)


def refused(kind, task, agent, now):
    before = board_rows.read()
    with pytest.raises(Conflict) as refusal:
        claims.claim(task, by=agent, now=now)
    assert type(refusal.value) is kind
    assert board_rows.read() == before
    return refusal.value
