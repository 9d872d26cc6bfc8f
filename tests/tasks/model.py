"""A task as the contract knows it: what the state machine compares the board with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

SKILLS = {"ada": {"rust", "web"}, "bob": {"web"}, "rita": set(), "olga": set()}
MAX_ATTEMPTS = 3


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
    attempts: int = 0
    since: object = None
    word: object = None
    silences: int = 0
    workers: set[str] = field(default_factory=set)


class Contract:
    """What the contract says of the tasks in `model` at the time `now`."""

    def is_free_for(self, task, name):
        lapsed = task.until is not None and task.until <= self.now
        return task.assignee in (None, name) or lapsed

    def is_ready(self, task, name):
        return (
            task.status == "todo"
            and task.criteria > 0
            and all(self.model[dep].status in ("done", "cancelled") for dep in task.deps)
            and (task.not_before is None or task.not_before <= self.now)
            and self.is_free_for(task, name)
            and task.skills <= SKILLS[name]
            and task.reviewer != name
        )

    def held_by(self, name):
        held = [task for task in self.model.values() if task.status == "doing" and task.assignee == name]
        return sorted(held, key=lambda task: (task.since, task.number))

    def is_silent_for(self, task, minutes):
        return task.status == "doing" and task.word + timedelta(minutes=minutes) <= self.now

    def is_overdue(self, task):
        return self.is_silent_for(task, 60)

    def take_back_what_is_overdue(self):
        overdue = [task for task in self.model.values() if self.is_overdue(task)]
        for task in overdue:
            self.end_in_silence(task)
        return len(overdue)

    def end_in_silence(self, task):
        task.silences += 1
        task.status = "blocked" if task.silences >= MAX_ATTEMPTS else "todo"
        if task.status == "blocked":
            task.silences = 0
        task.assignee = task.until = None
        task.token += 1

    def best_for(self, name, label):
        def order(task):
            reserved = task.assignee == name and (task.until is None or task.until > self.now)
            return (not reserved, task.priority, task.created, task.number)

        ready = [task for task in self.model.values() if self.is_ready(task, name)]
        return min((task for task in ready if label is None or label in task.labels), key=order, default=None)

    def waits_for(self, number, other, seen=()):
        return other == number or any(self.waits_for(number, dep) for dep in self.model[other].deps)
