"""Attempts: the record of who held a task's lease, and how that ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from tasks.models import Agent, Attempt
from tasks.queries import planned

# How a claim begins one (see `tasks.domain.lifecycle.claim`), within its own statement where the database lets it.
BEGIN = "INSERT INTO tasks_attempt (task_id, agent_id, token, started_at)"

_END = "UPDATE tasks_attempt SET ended_at = %s, outcome = %s WHERE task_id = %s AND ended_at IS NULL"


def end(task_id: int, *, outcome: Attempt.Outcome, now: datetime) -> None:
    """Close the open attempt of a task, if it has one."""
    Attempt.objects.filter(task_id=task_id, ended_at=None).update(ended_at=now, outcome=outcome)


def end_each(task_ids: Sequence[int], *, outcome: Attempt.Outcome, now: datetime) -> None:
    """Close the open attempts of several tasks."""
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        cursor.executemany(_END, [[at, outcome.value, task_id] for task_id in task_ids])


def has_worked(agent: Agent, *, task_id: int) -> bool:
    """Whether `agent` is a worker of the task: it has held its lease at some time."""
    return Attempt.objects.filter(task_id=task_id, agent=agent).exists()
