"""How a task is shown: as a line of a list, and whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tasks import durations
from tasks.domain import blocks
from tasks.models import Status, Task
from tasks.queries import emptiness, packets, presence


def line(task: Task, *, now: datetime) -> dict[str, Any]:
    """A task in a list; needs its agents, project and labels loaded."""
    asks = {"asks_human": task.asks_human} if task.asks_human else {}
    return asks | {
        "id": task.ref,
        "title": task.title,
        "status": task.status,
        "priority": f"P{task.priority}",
        "project": task.project.name,
        "assignee": task.assignee.name if task.assignee else None,
        "reviewer": task.reviewer.name if task.reviewer else None,
        "labels": [label.label for label in task.labels.all()],
        "ready": task.claimable and task.assignee_id is None,
        "stale": is_stale(task, now=now),
        "attempts": task.attempts,
        "rejections": task.rejections,
        "updated_at": task.updated_at,
    }


def whole(task: Task, *, now: datetime) -> dict[str, Any]:
    """Everything a task says, and why it is not ready if it is not."""
    shown = line(task, now=now) | _text(task) | _dates(task)
    if task.status == Status.TODO:
        reason = emptiness.why_not_ready(task, agent=None, now=now)
        shown |= {"ready": reason is None and task.assignee_id is None}
        shown |= {"reason": reason} if reason else {}
    if task.status == Status.DOING:
        shown["holder"] = _holder(task, now=now)
    if task.status == Status.BLOCKED:
        shown["block"] = _block(task)
    if task.status == Status.DONE:
        shown |= {"done_via": task.done_via, "finished_at": task.finished_at}
    return shown | ({"origin": task.origin} if task.origin else {})


def _text(task: Task) -> dict[str, Any]:
    criteria = task.criteria.filter(version=task.criteria_version).order_by("number")
    waits_for = task.dependencies.order_by("depends_on").values_list("depends_on", flat=True)
    return {
        "description": task.description,
        "done_criteria": [{"id": criterion.number, "text": criterion.text} for criterion in criteria],
        "depends_on": [f"T-{pk}" for pk in waits_for],
        "skills": task.lane.skills,
        "parent": f"T-{task.parent_id}" if task.parent_id else None,
        "created_by": task.created_by.name if task.created_by else None,
        "external_id": task.external_id,
    }


def _dates(task: Task) -> dict[str, Any]:
    return {
        "created_at": task.created_at,
        "status_since": task.status_since,
        "due_at": task.due_at,
        "not_before": task.not_before,
        "reserved_until": task.reserved_until,
        "stale_after": durations.write(task.stale_after) if task.stale_after else None,
    }


def _holder(task: Task, *, now: datetime) -> dict[str, Any]:
    assert task.assignee is not None
    return {
        "agent": task.assignee.name,
        "alive": presence.is_here(task.assignee, now=now),
        "since": task.status_since,
        "last_word": task.last_word_at,
        "expires_in": packets.seconds_until(task.lease_expires_at, now=now),
    }


def _block(task: Task) -> dict[str, Any]:
    block = blocks.open_block(task.pk)
    assert block is not None
    return {
        "id": block.number,
        "by": block.by.name if block.by else "system",
        "reason": block.reason,
        "needs": block.needs,
        "waits": block.waits,
        "since": block.created_at,
    }


def is_stale(task: Task, *, now: datetime) -> bool:
    """Whether the holder has written nothing for the task's `stale_after`."""
    return task.status == Status.DOING and task.stale_at is not None and task.stale_at <= now
