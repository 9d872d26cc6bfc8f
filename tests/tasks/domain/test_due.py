"""What falls due by the clock alone."""

from datetime import timedelta

from tasks.domain import authoring, closing, due, reservations
from tasks.models import Event, Task, TaskLabel
from tests.tasks import board_rows

MINUTE = timedelta(minutes=1)


def test_reservations_lapse_and_dates_pass_at_their_time_and_not_before(ada, write, now):
    reserved, deferred = (
        write("reserved", labels=["a"]),
        write("deferred", labels=["a"], not_before=now + MINUTE),
    )
    reservations.reserve(reserved, ada, by=None, now=now, until=now + MINUTE)
    before = board_rows.read()

    assert due.catch_up(now=now + MINUTE - timedelta(microseconds=1)) == 0
    assert board_rows.read() == before

    assert due.catch_up(now=now + MINUTE) == 2
    reserved.refresh_from_db()
    deferred.refresh_from_db()
    assert (reserved.assignee, reserved.reserved_until, reserved.claimable) == (None, None, True)
    assert (deferred.deferred, deferred.not_before, deferred.claimable) == (False, now + MINUTE, True)
    assert TaskLabel.objects.filter(in_pool=True).count() == 2
    event = Event.objects.get(kind="task.reservation_lapsed")
    assert (event.task, event.agent, event.at) == (reserved, None, now + MINUTE)
    assert Event.objects.get(kind="task.deferral_ended").task == deferred

    assert due.catch_up(now=now + MINUTE) == 0


def test_a_task_that_is_both_is_put_right_in_both(ada, write, now):
    task = write(not_before=now + MINUTE)
    reservations.reserve(task, ada, by=None, now=now, until=now + MINUTE)
    assert due.catch_up(now=now + MINUTE) == 2
    task.refresh_from_db()
    assert (task.assignee, task.deferred, task.claimable) == (None, False, True)


def test_a_date_passes_for_a_task_that_was_cancelled_meanwhile(olga, write, now):
    task = write(not_before=now + MINUTE)
    closing.cancel(task, by=olga, reason="Not needed", now=now)
    due.catch_up(now=now + MINUTE)
    closing.reopen(task, by=olga, reason="Needed", now=now + MINUTE)
    task.refresh_from_db()
    assert task.claimable


def test_one_task_can_be_caught_up_alone(write, now):
    one, other = write(not_before=now + MINUTE), write(not_before=now + MINUTE)
    assert due.catch_up_one(one.pk, now=now + MINUTE) == 1
    assert list(Task.objects.filter(deferred=True)) == [other]


def test_a_round_is_bounded_and_the_next_one_goes_on(olga, ada, now, django_assert_max_num_queries):
    drafts = [authoring.Draft(title="x", done_criteria=["y"], not_before=now + MINUTE) for _ in range(501)]
    written = authoring.write(drafts, by=olga, now=now).tasks
    reserved = Task.objects.filter(pk__in=[task.pk for task in written])
    reserved.update(assignee=ada, reserved_until=now + MINUTE)

    with django_assert_max_num_queries(10):
        assert due.catch_up(now=now + MINUTE) == 1000
    assert due.catch_up(now=now + MINUTE) == 2
    assert Event.objects.filter(kind="task.reservation_lapsed").count() == 501
