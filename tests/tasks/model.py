"""A task as the contract knows it: what the state machine compares the board with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Model:
    """One task; times are datetimes, people are names, tasks are numbers."""

    number: int
    created: object
    priority: int
    criteria: int
    skills: set[str]
    reviewer: str | None
    assignee: str | None
    not_before: object
    labels: set[str]
    deps: set[int] = field(default_factory=set)
    status: str = "todo"
    until: object = None
    token: int = 0
    since: object = None
    workers: set[str] = field(default_factory=set)
