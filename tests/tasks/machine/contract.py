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
OPEN = ("todo", "doing", "validating", "blocked")
FINISHED = ("done", "cancelled")
RESERVE_FOR, REVIEW_AFTER, OFFLINE_AFTER = timedelta(hours=4), timedelta(hours=1), timedelta(minutes=5)
STALE_AFTER, RECLAIM_AFTER = timedelta(minutes=30), timedelta(minutes=60)
# Fewer than the default, so that a short story gets there.
MAX_REJECTIONS = MAX_ATTEMPTS = 2
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
class Passed:
    """One handoff; by None is the board itself, to None whoever comes."""

    by: str | None
    to: str | None
    read_by: str | None = None


@dataclass
class Stop:
    """One block, and what it alone made the task wait for; by None is the board itself."""

    by: str | None
    waits: bool
    brought: set[int]
    is_open: bool = True


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
    attempts: int = 0
    # When the holder last wrote a word, and how many holders in a row wrote none until it was taken back.
    word: datetime | None = None
    silences: int = 0
    since: datetime | None = None
    workers: set[str] = field(default_factory=set)
    version: int = 0
    handed_in: list[HandedIn] = field(default_factory=list)
    review_until: datetime | None = None
    asks: str = ""
    passed: list[Passed] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)

    @property
    def is_unread(self) -> bool:
        return bool(self.passed) and self.passed[-1].read_by is None

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
            and not self.unfinished(job.deps)
            and (job.not_before is None or job.not_before <= self.now)
            and self.kept_for(job) in (None, name)
            and job.skills <= SKILLS[name]
            and job.reviewer != name
        )

    def unfinished(self, deps: set[int]) -> set[int]:
        return {dep for dep in deps if self.jobs[dep].status not in FINISHED}

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
        job.token, job.attempts = job.token + 1, job.attempts + 1
        job.word = self.now
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
        if job.status == "doing":
            job.silences = 0
        if job.status == "blocked":
            job.stops[-1].is_open = False
        job.status, job.since, job.review_until, job.until = status, self.now, None, None
        job.done_via = None
        for other in self.jobs.values() if status in FINISHED else ():
            if job.number in other.deps and self.waited_long_enough(other):
                self.unblock(other, by=None)

    def waited_long_enough(self, job: Job) -> bool:
        return job.status == "blocked" and job.stops[-1].waits and not self.unfinished(job.deps)

    def unblock(self, job: Job, *, by: str | None) -> None:
        """Whoever had the task is given it again; by None is the board itself."""
        if by:
            job.deps -= self.unfinished(job.stops[-1].brought)
        self.leave(job, "todo", by=by)
        job.until = self.now + RESERVE_FOR if job.assignee else None

    # What happens to the silent.

    def is_silent(self, job: Job, since: timedelta) -> bool:
        return job.status == "doing" and job.word is not None and job.word + since <= self.now

    def take_back_what_is_overdue(self) -> int:
        overdue = [job for job in self.jobs.values() if self.is_silent(job, RECLAIM_AFTER)]
        for job in overdue:
            self.end_in_silence(job)
        return len(overdue)

    def end_in_silence(self, job: Job) -> None:
        """The holder's time is over; it is asked whether anyone's will do after MAX_ATTEMPTS of them in a row."""
        is_hopeless = job.silences + 1 >= MAX_ATTEMPTS
        self.take_back(job, "blocked" if is_hopeless else "todo", by=None)
        if is_hopeless:
            job.silences, job.asks = 0, WANTS_DECISION
            job.stops.append(Stop(None, waits=False, brought=set()))

    def take_back(self, job: Job, status: str, *, by: str | None) -> None:
        silences = job.silences + 1
        self.leave(job, status, by=by)
        job.assignee, job.token, job.silences = None, job.token + 1, silences
        job.passed.append(Passed(None, None))
