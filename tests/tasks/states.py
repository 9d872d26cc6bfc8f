"""Tasks in each of the states, brought there by the moves that lead to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from tasks.domain import claims, closing, lifecycle
from tasks.models import Agent, DoneVia, Status, Task

# The moves after a claim that lead to each state no domain call reaches yet.
_AFTER_THE_CLAIM = {
    Status.DOING: [],
    Status.BLOCKED: ["block"],
    Status.VALIDATING: ["submit"],
    Status.DONE: ["submit", "approve"],
}


def reach(task: Task, status: Status, *, worker: Agent, now: datetime) -> Task:
    """Bring a ready task to `status`, worked on by `worker` where the way leads through a claim; gives it fresh."""
    if status == Status.CANCELLED:
        closing.cancel(task, by=task.created_by, reason="Not needed", now=now)
    elif status != Status.TODO:
        claims.claim(task, by=worker, now=now)
        for verb in _AFTER_THE_CLAIM[status]:
            assert lifecycle.move(task.pk, verb, now=now, by=worker, changes=columns(verb, worker, now=now))
    task.refresh_from_db()
    return task


def columns(verb: str, agent: Agent, *, now: datetime) -> dict[str, Any]:
    """What the constraints want set together with the status when `agent` makes the move."""
    if verb == "claim":
        counted = {"lease_token": F("lease_token") + 1, "attempts": F("attempts") + 1}
        return {"assignee": agent, **counted, **claims.terms(None, now=now)}
    return {"done_via": DoneVia.APPROVAL} if verb == "approve" else {}
