"""The counter of open dependencies is exact, and the graph has no cycle, whoever writes at the same moment."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Count, F, Q

from tasks.domain import agents, authoring, closing, editing
from tasks.domain.refusals import Invalid, Refusal
from tasks.models import Agent, Dependency, Task
from tests.conftest import NOW
from tests.races.together import of_kind, together

pytestmark = pytest.mark.race
OPEN = ~Q(dependencies__depends_on__status__in=["done", "cancelled"]) & Q(dependencies__isnull=False)


@pytest.fixture
def olga(own_board):
    return agents.register("olga", now=NOW, kind=Agent.Kind.HUMAN)


@pytest.fixture
def write(olga):
    def one(**fields):
        draft = authoring.Draft(**({"title": "t", "done_criteria": ["x"]} | fields))
        return authoring.write([draft], by=olga, now=NOW).tasks[0]

    return one


def miscounted():
    """The tasks whose counter is not the number of their unfinished dependencies."""
    counted = Task.objects.annotate(n=Count("dependencies", filter=OPEN))
    return list(counted.exclude(n=F("open_blockers")).values_list("pk", "open_blockers", "n"))


def test_the_counter_is_exact_after_32_threads_linked_finished_and_reopened(write, olga):
    blockers, dependents = [write() for _ in range(8)], [write() for _ in range(8)]

    def churn(seed):
        dice = random.Random(seed)
        for _ in range(6):
            blocker, dependent = dice.choice(blockers), dice.choice(dependents)
            try:
                match dice.randrange(4):
                    case 0:
                        chosen = dice.sample(blockers, dice.randrange(4))
                        editing.edit(dependent, by=olga, now=NOW, depends_on=[b.ref for b in chosen])
                    case 1:
                        closing.cancel(blocker, by=olga, reason="r", now=NOW)
                    case 2:
                        closing.reopen(blocker, by=olga, reason="r", now=NOW)
                    case 3:
                        draft = authoring.Draft("new", done_criteria=["x"], depends_on=[blocker.ref])
                        authoring.write([draft], by=olga, now=NOW)
            except Refusal:
                pass

    outcomes = together([lambda seed=seed: churn(seed) for seed in range(32)])
    assert of_kind(outcomes, Exception) == []
    assert Dependency.objects.count() > 20
    assert miscounted() == []


def test_control_linking_without_the_blocker_locked_miscounts(write, olga):
    """An edge is counted as open while, unseen, its blocker finishes."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer, so nothing can finish unseen")
    looked, finished = threading.Event(), threading.Event()
    blocker, dependent = write(), write()

    def link():
        with transaction.atomic():
            is_open = Task.objects.get(pk=blocker.pk).status == "todo"
            looked.set()
            finished.wait(10)
            Dependency.objects.create(task=dependent, depends_on=blocker)
            Task.objects.filter(pk=dependent.pk).update(open_blockers=int(is_open))

    def finish():
        looked.wait(10)
        closing.cancel(blocker, by=olga, reason="r", now=NOW)
        finished.set()

    together([link, finish])
    assert miscounted() == [(dependent.pk, 1, 0)]


def test_two_edges_that_would_close_a_circle_together_are_not_both_added(write, olga):
    for _ in range(10):
        one, other = write(), write()
        outcomes = together(
            [
                lambda one=one, other=other: editing.edit(one, by=olga, now=NOW, depends_on=[other.ref]),
                lambda one=one, other=other: editing.edit(other, by=olga, now=NOW, depends_on=[one.ref]),
            ]
        )
        assert len(of_kind(outcomes, Invalid)) == 1, outcomes
        assert Dependency.objects.filter(task__in=[one, other]).count() == 1
    assert miscounted() == []


def test_finishing_along_a_chain_from_both_ends_never_deadlocks(write, olga):
    chain = [write()]
    for _ in range(11):
        chain.append(write(depends_on=[chain[-1].ref]))

    def finish(task):
        try:
            closing.cancel(task, by=olga, reason="r", now=NOW)
            closing.reopen(task, by=olga, reason="r", now=NOW)
        except Refusal:
            pass

    outcomes = together([lambda task=task: finish(task) for task in [*chain, *reversed(chain)]])
    assert of_kind(outcomes, OperationalError) == []
    assert of_kind(outcomes, Exception) == []
    assert miscounted() == []
