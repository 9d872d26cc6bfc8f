"""Attempts: the record of who held a task's lease, and how that ended."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from tasks.models import Agent, Attempt

_INSERT = "INSERT INTO tasks_attempt (task_id, agent_id, token, started_at) VALUES (%s, %s, %s, %s)"


def begin(task_id: int, *, by: Agent, token: int, now: datetime) -> None:
    """Write down that `by` holds the lease `token` from now on."""
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [task_id, by.pk, token, at])


def end(task_id: int, *, outcome: Attempt.Outcome, now: datetime) -> None:
    """Close the open attempt of a task, if it has one."""
    Attempt.objects.filter(task_id=task_id, ended_at=None).update(ended_at=now, outcome=outcome)


def has_worked(agent: Agent, *, task_id: int) -> bool:
    """Whether `agent` is a worker of the task: it has held its lease at some time."""
    return Attempt.objects.filter(task_id=task_id, agent=agent).exists()
