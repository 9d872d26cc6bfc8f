"""The board as the contract has it, in memory: what the state machine compares the real one with.

Written from the contract, not from the code. Times are datetimes, people are names, tasks are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

SKILLS = {"ada": {"rust", "web"}, "bob": {"web"}, "rita": set(), "zed": set(), "olga": set()}
HUMANS = {"olga"}
# Whose role says that it is for something else than reviewing.
BUILDERS = {"bob"}
OPEN = ("todo", "doing", "validating")
FINISHED = ("done", "cancelled")
RESERVE_FOR, REVIEW_AFTER, OFFLINE_AFTER = timedelta(hours=4), timedelta(hours=1), timedelta(minutes=5)
# Fewer than the default, so that a short story gets there.
MAX_REJECTIONS = 2
WANTS_REVIEWER, WANTS_DECISION = "a reviewer", "a decision"


@dataclass
class HandedIn:
    """One submission."""

    by: str
    version: int
    is_void: bool = False
    # By whom, and how.
    judged: tuple[str, str] | None = None


@dataclass
class Job:
    """One task."""

    number: int
    created: datetime
    creator: str
    priority: int
    criteria: list[str]
    skills: set[str]
    reviewer: str | None
    assignee: str | None
    not_before: datetime | None
    labels: set[str]
    deps: set[int]
    status: str = "todo"
    done_via: str | None = None
    until: datetime | None = None
    token: int = 0
    since: datetime | None = None
    workers: set[str] = field(default_factory=set)
    version: int = 0
    handed_in: list[HandedIn] = field(default_factory=list)
    review_until: datetime | None = None
    asks: str = ""

    @property
    def rejections(self) -> int:
        return sum(one.judged is not None and one.judged[1] == "reject" for one in self.handed_in)


class Contract:
    """The tasks, the clock, when each agent was seen, and the rules about who may do what."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.jobs: dict[int, Job] = {}
        self.seen: dict[str, datetime] = {}

    # Who is given what.

    def kept_for(self, job: Job) -> str | None:
        """Whom a todo task is kept for, or who has the task."""
        lapsed = job.status == "todo" and job.until is not None and job.until <= self.now
        return None if lapsed else job.assignee

    def is_ready(self, job: Job, name: str) -> bool:
        return (
            job.status == "todo"
            and bool(job.criteria)
            and all(self.jobs[dep].status in FINISHED for dep in job.deps)
            and (job.not_before is None or job.not_before <= self.now)
            and self.kept_for(job) in (None, name)
            and job.skills <= SKILLS[name]
            and job.reviewer != name
        )

    def held_by(self, name: str) -> list[Job]:
        held = [job for job in self.jobs.values() if job.status == "doing" and job.assignee == name]
        return sorted(held, key=lambda job: (job.since, job.number))

    def best_for(self, name: str, label: str | None) -> Job | None:
        ready = [job for job in self.jobs.values() if self.is_ready(job, name)]
        return min(
            (job for job in ready if label is None or label in job.labels),
            key=lambda job: (self.kept_for(job) != name, job.priority, job.created, job.number),
            default=None,
        )

    def waits_for(self, number: int, other: int) -> bool:
        return other == number or any(self.waits_for(number, dep) for dep in self.jobs[other].deps)

    # Who reviews what.

    def chosen_for(self, job: Job, but: str | None = None) -> str | None:
        """The agent that may, with the fewest reviews waiting; of several, the one seen last."""
        fit = [
            name
            for name in SKILLS.keys() - HUMANS - BUILDERS - job.workers - {but}
            if job.skills <= SKILLS[name] and name in self.seen and self.seen[name] > self.now - OFFLINE_AFTER
        ]
        return min(
            fit, key=lambda name: (self.waiting(name), -self.seen[name].timestamp(), name), default=None
        )

    def waiting(self, name: str) -> int:
        return sum(job.status == "validating" and job.reviewer == name for job in self.jobs.values())

    def review_for(self, name: str) -> Job | None:
        """The oldest submission `name` may judge, its own first."""
        waiting = [job for job in self.jobs.values() if job.status == "validating"]
        own = [job for job in waiting if job.reviewer == name]
        others = [job for job in waiting if name not in job.workers and self.is_up_for_anyone(job)]
        return min(own or others, key=lambda job: (job.since, job.number), default=None)

    def is_up_for_anyone(self, job: Job) -> bool:
        late = job.review_until is not None and job.review_until <= self.now
        return job.reviewer is None or (late and job.reviewer not in HUMANS)

    # What follows.

    def give(self, job: Job, name: str) -> None:
        job.status, job.assignee, job.until, job.since = "doing", name, None, self.now
        job.token += 1
        job.workers.add(name)

    def put_in_review(self, job: Job, reviewer: str | None) -> None:
        job.reviewer, job.review_until = reviewer, self.now + REVIEW_AFTER if reviewer else None
        if reviewer is None:
            job.asks = job.asks or WANTS_REVIEWER
        elif job.asks == WANTS_REVIEWER:
            job.asks = ""

    def leave(self, job: Job, status: str, *, by: str | None) -> None:
        """The task goes to another state; its reservation is the caller's."""
        if status in FINISHED or by in HUMANS or job.asks == WANTS_REVIEWER:
            job.asks = ""
        job.status, job.since, job.review_until, job.until = status, self.now, None, None
        job.done_via = None
