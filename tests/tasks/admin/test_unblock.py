"""A blocked task has a way out in the admin, through the domain, with its resolution in the log."""

import pytest
from django.test import Client
from django.urls import reverse

from tasks.models import Block, Comment, Status, Task
from tests.tasks import states

pytestmark = pytest.mark.once  # the plans of its lists are held on both databases


def unblock(operator: Client, task: Task) -> None:
    chosen = {"action": "unblock", "_selected_action": [task.pk], "confirmed": "1"}
    operator.post(reverse("admin:tasks_task_changelist"), chosen | {"resolution": "Here is the key"})
    task.refresh_from_db()


def test_unblock_lets_a_task_go_on(operator, write, ada, now):
    task = states.reach(write(), Status.BLOCKED, worker=ada, now=now)

    unblock(operator, task)

    assert (task.status, task.assignee) == ("todo", ada)
    stop = Block.objects.get()
    assert (stop.ended_by.name, stop.resolution) == ("boss", "Here is the key")
    assert Comment.objects.latest("pk").text == "unblock: Here is the key"


def test_a_task_that_is_not_blocked_is_left_as_it_is(operator, write):
    task = write()
    unblock(operator, task)
    assert (task.status, Comment.objects.count()) == ("todo", 0)
