"""Reservations: a todo task kept for one agent, until a time or for good."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tasks.domain import events, transactions
from tasks.domain.refusals import Conflict, Invalid
from tasks.models import Agent, Status, Task


class NotReservable(Conflict):
    """The task is in work or finished, so it cannot be kept for anyone."""


def reserve(
    task: Task, agent: Agent | None, *, by: Agent | None, now: datetime, until: datetime | None = None
) -> None:
    """Keep a todo task for `agent` (null: free it for everyone) until a time (null: for good).

    Refuses a task that is not todo as NotReservable and the task's own reviewer as Invalid.
    """
    if agent is not None and agent.pk == task.reviewer_id and task.status == Status.TODO:
        raise Invalid(
            {
                "assignee": [
                    f"{agent.name} is the reviewer of {task.ref}, and a reviewer cannot be its worker."
                ]
            },
            fix="Name another assignee, or change the reviewer first.",
        )
    with transactions.change():
        not_its_reviewer = Q(reviewer=None) | ~Q(reviewer=agent) if agent else Q()
        open_rows = Task.objects.filter(not_its_reviewer, pk=task.pk, status=Status.TODO)
        if not open_rows.update(assignee=agent, reserved_until=until if agent else None, updated_at=now):
            status = Task.objects.values_list("status", flat=True).get(pk=task.pk)
            raise _not_reservable(task, status)
        name = agent.name if agent else None
        events.record(
            "task.reserved" if agent else "task.unreserved", now=now, task_id=task.pk, by=by, agent=name
        )


def refuse(task: Task) -> None:
    """Refuse what `reserve` would refuse, with the task as it is, whoever it is to be kept for."""
    if task.status != Status.TODO:
        raise _not_reservable(task, task.status)


def _not_reservable(task: Task, status: str) -> NotReservable:
    return NotReservable(
        f"{task.ref} is {status}; only a todo task can be kept for an agent.",
        fix=f"GET /tasks/{task.ref} shows who has it.",
    )
