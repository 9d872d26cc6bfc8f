"""The operator's door: find, read, and repair through actions that call the domain."""

from tasks.admin import (
    agent,
    attempt,
    comment,
    criterion,
    dependency,
    digest,
    event,
    handoff,
    label,
    lane,
    project,
    review,
    sign_in_link,
    submission,
    task,
)

__all__ = [
    "agent",
    "attempt",
    "comment",
    "criterion",
    "dependency",
    "digest",
    "event",
    "handoff",
    "label",
    "lane",
    "project",
    "review",
    "sign_in_link",
    "submission",
    "task",
]
