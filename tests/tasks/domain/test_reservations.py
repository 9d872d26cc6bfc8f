"""Reservations: a todo task kept for one agent."""

from datetime import timedelta

import pytest

from tasks.domain import reservations
from tasks.domain.refusals import Invalid
from tasks.models import Event, Status, TaskLabel
from tests.tasks import board_rows, states

HOUR = timedelta(hours=1)


def test_a_todo_task_is_kept_for_an_agent_until_a_time(ada, olga, write, now):
    task = write(labels=["api"])
    reservations.reserve(task, ada, by=olga, now=now + HOUR, until=now + 2 * HOUR)
    task.refresh_from_db()
    assert (task.assignee, task.reserved_until, task.updated_at) == (ada, now + 2 * HOUR, now + HOUR)
    event = Event.objects.get(kind="task.reserved")
    assert (event.task, event.agent, event.data) == (task, olga, {"agent": "ada"})
    assert not TaskLabel.objects.get().in_pool


def test_a_reservation_without_a_time_is_for_good(ada, bob, write, now):
    task = write()
    reservations.reserve(task, ada, by=None, now=now, until=now + HOUR)
    reservations.reserve(task, bob, by=None, now=now)
    task.refresh_from_db()
    assert (task.assignee, task.reserved_until) == (bob, None)


def test_a_reservation_is_taken_off_by_reserving_for_nobody(ada, write, now):
    task = write(assignee="ada", labels=["api"])
    reservations.reserve(task, None, by=None, now=now, until=now + HOUR)
    task.refresh_from_db()
    assert (task.assignee, task.reserved_until) == (None, None)
    assert Event.objects.get(kind="task.unreserved").data == {"agent": None}
    assert TaskLabel.objects.get().in_pool


@pytest.mark.parametrize("status", [status for status in Status if status != Status.TODO])
def test_only_a_todo_task_can_be_kept(ada, bob, write, now, status):
    task = states.reach(write(), status, worker=ada, now=now)
    before = board_rows.read()
    for agent in (bob, None):
        with pytest.raises(reservations.NotReservable, match=f"{task.ref} is {status}"):
            reservations.reserve(task, agent, by=None, now=now)
    assert board_rows.read() == before


def test_a_task_is_not_kept_for_its_reviewer(rita, write, now):
    task = write(reviewer="rita")
    before = board_rows.read()
    with pytest.raises(Invalid) as refusal:
        reservations.reserve(task, rita, by=None, now=now)
    assert "rita is the reviewer" in refusal.value.extra["errors"]["assignee"][0]
    assert board_rows.read() == before
