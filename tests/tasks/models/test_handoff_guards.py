"""What the database refuses about handoffs and blocks, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from tasks.domain import blocks, claims, handoffs
from tasks.models import Status, Task
from tests.tasks import states


@pytest.fixture
def task(ada, write, now):
    """A task that was handed off and read back, and another that is blocked."""
    task = write()
    claims.claim(task, by=ada, now=now)
    handoffs.hand_off(task, handoffs.Words("a", "b", "c"), to=ada, by=ada, lease=1, now=now)
    claims.claim(task, by=ada, now=now)
    handoffs.read_back(task, 1, text="d", by=ada, lease=2, now=now)
    handoffs.hand_off(task, handoffs.Words("a", "b", "c"), to=ada, by=ada, lease=2, now=now)
    states.reach(write("blocked"), Status.BLOCKED, worker=ada, now=now)
    return task


@pytest.mark.parametrize(
    ("words", "sql"),
    [
        ("never edited", "UPDATE tasks_handoff SET done = 'more'"),
        ("never edited", "UPDATE tasks_handoff SET readback = 'other' WHERE number = 1"),
        ("never edited", "UPDATE tasks_handoff SET pending = 'x', read_by_id = 1, read_at = created_at,"
            " readback = 'y' WHERE number = 2"),
        ("is not deleted", "DELETE FROM tasks_handoff"),
        ("never edited", "UPDATE tasks_block SET reason = 'other'"),
        ("never edited", "UPDATE tasks_block SET waits = TRUE"),
        ("is not deleted", "DELETE FROM tasks_block"),
        ("says what it needs", "UPDATE tasks_task SET status = 'blocked', reserved_until = NULL WHERE status = 'todo'"),
    ],
)  # fmt: skip
def test_a_guard_refuses_to_change_what_was_said(task, words, sql):
    with pytest.raises(IntegrityError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_task_leaves_blocked_with_its_block_ended(task, olga, now):
    blocked = Task.objects.get(status="blocked")
    blocks.unblock(blocked, by=olga, resolution="Here is the key", now=now)
    assert blocks.open_block(blocked.pk) is None
