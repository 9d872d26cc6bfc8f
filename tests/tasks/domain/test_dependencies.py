"""Dependencies: the counter of what a task waits for is exact after everything that touches it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.domain import claims, closing, dependencies, editing, lifecycle
from tasks.domain.refusals import Invalid
from tasks.models import Dependency, Status, Task
from tests.tasks import board_rows, states


def test_a_task_is_ready_when_the_last_of_its_dependencies_is_finished(ada, write, now):
    first, second = write("first"), write("second")
    task = write("waits", depends_on=[first.ref, second.ref])
    assert counter(task) == (2, False)
    finish(first, ada, now)
    assert counter(task) == (1, False)
    finish(second, ada, now)
    assert counter(task) == (0, True)


def test_a_cancelled_task_counts_as_finished(olga, write, now):
    other = write()
    task = write(depends_on=[other.ref])
    closing.cancel(other, by=olga, reason="Not needed", now=now)
    assert counter(task) == (0, True)


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
def test_a_reopened_task_is_waited_for_again(ada, olga, write, now, status):
    other = write()
    task, another = write(depends_on=[other.ref]), write(depends_on=[other.ref])
    states.reach(other, status, worker=ada, now=now)
    closing.reopen(other, by=olga, reason="Again", now=now)
    assert counter(task) == counter(another) == (1, False)


def test_a_task_in_work_goes_on_when_what_it_waited_for_comes_back(ada, olga, write, now):
    other = write()
    task = write(depends_on=[other.ref])
    closing.cancel(other, by=olga, reason="Not needed", now=now)
    claims.claim(task, by=ada, now=now)
    closing.reopen(other, by=olga, reason="Again", now=now)
    task.refresh_from_db()
    assert (task.status, task.open_blockers) == ("doing", 1)
    closing.take_back(task, by=None, reason="Silent", now=now)
    assert counter(task) == (1, False)


@pytest.mark.parametrize("verb", ["submit", "block", "handoff", "release", "reclaim"])
def test_a_move_that_finishes_nothing_leaves_the_counters_alone(ada, write, now, verb):
    other = write()
    task = write(depends_on=[other.ref])
    claims.claim(other, by=ada, now=now)
    states.justify(other, verb, now=now)
    assert lifecycle.move(other.pk, verb, now=now, by=ada)
    assert counter(task) == (1, False)


def test_the_dependencies_of_a_task_are_replaced_and_counted(ada, olga, write, now):
    open_one, done, other = write(), states.reach(write(), Status.DONE, worker=ada, now=now), write()
    task = write(depends_on=[open_one.ref])
    for names, count in [
        ([open_one.ref, done.ref], 1),
        ([done.ref], 0),
        ([done.ref, open_one.ref, other.ref], 2),
        ([other.ref, other.ref], 1),
        ([], 0),
    ]:
        editing.edit(task, by=olga, now=now, depends_on=names)
        assert counter(task) == (count, count == 0)
        assert {f"T-{pk}" for pk in task.dependencies.values_list("depends_on", flat=True)} == set(names)


def test_an_edge_that_is_kept_keeps_its_row(olga, write, now):
    one, two, three = write(), write(), write()
    task = write(depends_on=[one.ref, two.ref])
    before = Dependency.objects.get(depends_on=two).pk
    editing.edit(task, by=olga, now=now, depends_on=[two.ref, three.ref])
    assert Dependency.objects.get(depends_on=two).pk == before


def test_a_task_cannot_wait_for_itself(olga, write, now):
    task = write()
    refuse(task, [task.ref], olga, now, "A task cannot wait for itself.")


def test_a_task_cannot_wait_for_one_that_waits_for_it(olga, write, now):
    first = write("first")
    second = write("second", depends_on=[first.ref])
    third = write("third", depends_on=[second.ref])
    free = write("free")
    refuse(first, [second.ref], olga, now, f"{first.ref} is already waited for by {second.ref}")
    refuse(first, [free.ref, third.ref], olga, now, f"{first.ref} is already waited for by {third.ref}")
    refuse(second, [third.ref], olga, now, f"{second.ref} is already waited for by {third.ref}")


def test_a_finished_task_still_closes_a_circle(ada, olga, write, now):
    """It may be reopened, and then nobody could begin."""
    first = write("first")
    second = write("second", depends_on=[first.ref])
    closing.cancel(second, by=olga, reason="Not needed", now=now)
    refuse(first, [second.ref], olga, now, "is already waited for by")


def test_a_diamond_is_no_circle(olga, write, now):
    top = write("top")
    left, right = write("left", depends_on=[top.ref]), write("right", depends_on=[top.ref])
    bottom = write("bottom", depends_on=[left.ref, right.ref])
    editing.edit(bottom, by=olga, now=now, depends_on=[left.ref, right.ref, top.ref])
    editing.edit(right, by=olga, now=now, depends_on=[top.ref, left.ref])
    assert counter(bottom) == (3, False)


def test_a_long_chain_is_checked_at_the_cost_of_a_short_one(olga, write, now, django_assert_max_num_queries):
    last = first = write("0")
    for at in range(60):
        last = write(f"{at}", depends_on=[last.ref])
    with django_assert_max_num_queries(12), pytest.raises(Invalid):
        editing.edit(first, by=olga, now=now, depends_on=[last.ref])


def test_a_recount_puts_a_wrong_counter_right(ada, write, now):
    first, done = write(), states.reach(write(), Status.DONE, worker=ada, now=now)
    task, free = write(depends_on=[first.ref, done.ref]), write()
    Task.objects.filter(pk__in=[task.pk, free.pk]).update(open_blockers=7)
    dependencies.recount([task.pk, free.pk])
    assert (counter(task), counter(free)) == ((1, False), (0, True))


def test_finishing_costs_the_same_number_of_queries_for_any_number_of_waiting_tasks(write, now):
    awaited_by_one, awaited = write(), write()
    write(depends_on=[awaited_by_one.ref])
    waiting = [write(depends_on=[awaited.ref]) for _ in range(30)]

    def cost(task):
        with CaptureQueriesContext(connection) as queries:
            assert lifecycle.move(task.pk, "cancel", now=now + timedelta(minutes=1), by=None)
        return len(queries)

    assert cost(awaited) == cost(awaited_by_one)
    assert {counter(task) for task in waiting} == {(0, True)}


def finish(task, worker, now):
    states.reach(task, Status.DONE, worker=worker, now=now)


def counter(task):
    task.refresh_from_db()
    return task.open_blockers, task.claimable


def refuse(task, names, by, now, words):
    before = board_rows.read()
    with pytest.raises(Invalid) as refusal:
        editing.edit(task, by=by, now=now, depends_on=names)
    assert words in refusal.value.extra["errors"]["depends_on"][0]
    assert board_rows.read() == before
