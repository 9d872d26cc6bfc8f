"""Taking back while others write, claim and take back too: one of them wins, and nothing is done twice."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count

from tasks.domain import agents, authoring, claims, comments, leases, lifecycle, reclaiming, staleness
from tasks.models import Attempt, Event, Task
from tests.races.together import of_kind, together
from tests.tasks import invariants

pytestmark = pytest.mark.race

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DUE = NOW + 60 * MINUTE


@pytest.fixture
def held(own_board):
    """Forty tasks that ada holds since NOW."""
    olga, _ = agents.find_or_register("olga", now=NOW)
    ada = agents.register("ada", now=NOW, wip_limit=100)
    drafts = [authoring.Draft(f"t{n}", done_criteria=["x"]) for n in range(40)]
    tasks = authoring.write(drafts, by=olga, now=NOW).tasks
    for task in tasks:
        claims.claim(task, by=ada, now=NOW)
    return tasks


def twice(kind):
    return list(Event.objects.filter(kind=kind).values("task").annotate(n=Count("pk")).filter(n__gt=1))


def test_of_many_schedulers_each_task_is_flagged_and_taken_back_by_one(held):
    flags = together([lambda: staleness.flag(now=NOW + 30 * MINUTE)] * 6)
    assert sum(flags) == len(held)
    backs = together([lambda: reclaiming.take_back(now=DUE)] * 6)
    # What another one has locked is left to it; each of them may have left something to somebody who came too late.
    backs.append(reclaiming.take_back(now=DUE))
    assert sum(backs) == len(held)
    assert (twice("task.stale"), twice("task.reclaimed")) == ([], [])
    assert invariants.broken() == []


def test_a_word_at_the_last_moment_keeps_the_task_or_is_refused_and_never_both(held):
    ada = agents.find("ada")

    def say(task):
        time.sleep(random.uniform(0, 0.05))
        return comments.write(task, by=ada, text="Here", kind="note", lease=1, now=DUE)

    words = [lambda task=task: say(task) for task in held[:12]]
    outcomes = together([*words, *[lambda: reclaiming.take_back(now=DUE)] * 4])
    spoken = {task.pk for task, outcome in zip(held, outcomes[:12], strict=False) if _heard(outcome)}
    assert len(of_kind(outcomes[:12], leases.LeaseLost)) + len(spoken) == 12
    assert set(Task.objects.filter(status="doing").values_list("pk", flat=True)) == spoken
    assert invariants.broken() == []


def test_what_is_taken_back_goes_to_one_of_those_who_ask_and_the_late_holder_writes_nothing(held):
    for n in range(8):
        agents.register(f"worker-{n}", now=NOW)
    ada = agents.find("ada")
    asking = [lambda n=n: claims.next_task(f"worker-{n}", now=DUE) for n in range(8)]
    outcomes = together([*asking, lambda: reclaiming.take_back(now=DUE)])
    given = [one.task_ids[0] for one in of_kind(outcomes, claims.Work)]
    assert len(given) == len(set(given)) == 8
    assert Attempt.objects.filter(ended_at=None, agent__name__startswith="worker").count() == 8
    reclaiming.take_back(now=DUE)
    for task in held:
        with pytest.raises(leases.LeaseLost):
            comments.write(task, by=ada, text="Mine", kind="note", lease=1, now=DUE)
    assert twice("task.reclaimed") == []
    assert invariants.broken() == []


def test_control_looking_without_a_lock_takes_back_what_its_holder_has_kept(held):
    """What the lock is for: the same two steps, with a word between them, lose the word."""
    ada, task = agents.find("ada"), held[0]
    seen = list(Task.objects.filter(lease_expires_at__lte=DUE).values_list("pk", flat=True))
    assert _heard(comments.write(task, by=ada, text="Here", kind="note", lease=1, now=DUE))
    lifecycle.move_locked(seen, "reclaim", now=DUE, changes={"assignee": None}, data={})
    assert Task.objects.get(pk=task.pk).status == "todo"


def _heard(outcome):
    return isinstance(outcome, comments.Written)
