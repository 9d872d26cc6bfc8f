"""Handing on, reading back, blocking, unblocking, and what the board does by itself to those who fall silent."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tasks.domain import agents, blocks, handoffs, reclaiming, staleness
from tasks.domain.leases import LeaseLost
from tasks.domain.refusals import Invalid
from tasks.models import Block, Handoff, Task
from tests.tasks.machine.board import NAMES, OFF, PICK, WHO
from tests.tasks.machine.claiming import Claiming
from tests.tasks.machine.contract import RESERVE_FOR, SKILLS, STALE_AFTER, Passed, Stop

BLANK = st.sampled_from(["", "", "", "done", "pending", "gotchas"])


class PassingOn(Claiming):
    """The verbs that end an attempt without a submission. A name of None is whoever it takes."""

    @rule()
    def look_after_itself(self):
        model = self.model
        stale = {job.number for job in model.jobs.values() if model.is_silent(job, STALE_AFTER)}
        staleness.flag(now=model.now)
        assert set(Task.objects.exclude(flagged_at=None).values_list("pk", flat=True)) == stale
        assert reclaiming.take_back(now=model.now) == model.take_back_what_is_overdue()

    @rule(name=WHO, pick=PICK, off=OFF, to=st.sampled_from([None, *sorted(SKILLS)]), blank=BLANK)
    def hand_off(self, name, pick, off, to, blank):
        job = self.picked_at_work(pick)
        self.pass_to(job, name or job.assignee or "ada", off, to, blank)

    def pass_to(self, job, name, off, to, blank):
        lease = max(0, job.token + off)
        said = {part: " " if part == blank else "none" for part in ("done", "pending", "gotchas")}
        found = self.outcome(
            lambda task, **how: handoffs.hand_off(task, handoffs.Words(**said), **how),
            *(job.number,), by=name, lease=lease, to=agents.find(to) if to else None,
        )  # fmt: skip
        if (job.status, job.assignee, job.token) != ("doing", name, lease):
            assert found == LeaseLost
        elif blank or (to and to == job.reviewer):
            assert found == Invalid
        else:
            self.model.leave(job, "todo", by=None)
            job.assignee, job.until = to, self.model.now + RESERVE_FOR if to else None
            job.passed.append(Passed(name, to))
            assert found.number == len(job.passed)

    @rule(name=WHO, pick=PICK, off=OFF, number=OFF)
    def read_back(self, name, pick, off, number):
        job = self.picked(pick, "doing")
        self.say_back(job, name or job.assignee or "ada", off, len(job.passed) + number)

    def read_as_one_should(self, job):
        if job.status == "doing" and job.is_unread:
            self.say_back(job, job.assignee, 0, len(job.passed))

    def say_back(self, job, name, off, number):
        lease = max(0, job.token + off)
        found = self.outcome(
            lambda task, **how: handoffs.read_back(task, number, text="understood", **how),
            *(job.number,), by=name, lease=lease,
        )  # fmt: skip
        if (job.status, job.assignee, job.token) != ("doing", name, lease):
            assert found == LeaseLost
        elif number > len(job.passed) or not job.passed:
            assert found == handoffs.NoSuchHandoff
        elif number < len(job.passed) or not job.is_unread:
            assert found == handoffs.WrongState
        else:
            assert found is None
            job.passed[-1].read_by, job.word = name, self.model.now

    @rule(name=WHO, pick=PICK, off=OFF, others=st.sets(PICK, max_size=2), reads=st.booleans())
    def block(self, name, pick, off, others, reads):
        job = self.picked_at_work(pick)
        if reads:
            self.read_as_one_should(job)
        self.stop(job, name or job.assignee or "ada", off, {self.picked(other).number for other in others})

    def stop(self, job, name, off, wanted):
        lease, refs = max(0, job.token + off), [f"T-{number}" for number in wanted]
        found = self.outcome(
            lambda task, **how: blocks.block(task, blocks.Obstacle("r", "n", refs), **how),
            *(job.number,), by=name, lease=lease,
        )  # fmt: skip
        if any(self.model.waits_for(job.number, other) for other in wanted):
            assert found == Invalid
        elif (job.status, job.assignee, job.token) != ("doing", name, lease):
            assert found == LeaseLost
        elif job.is_unread:
            assert found == handoffs.ReadbackNeeded
        elif wanted and not self.model.unfinished(wanted):
            assert found == Invalid
        else:
            self.model.leave(job, "blocked", by=None)
            job.stops.append(Stop(name, waits=bool(wanted), brought=wanted - job.deps))
            job.deps |= wanted
            assert found.number == len(job.stops)

    @rule(name=NAMES, pick=PICK)
    def unblock(self, name, pick):
        self.let_go_on(self.picked(pick, "blocked"), name)

    def let_go_on(self, job, name):
        number = job.number
        found = self.outcome(blocks.unblock, number, by=name, resolution="r")
        assert found == (None if job.status == "blocked" else blocks.NotBlocked)
        if job.status == "blocked":
            self.model.unblock(job, by=name)

    @invariant()
    def what_was_passed_on_and_what_stopped_it_stays(self):
        passed, stops = ({number: [] for number in self.model.jobs} for _ in range(2))
        rows = Handoff.objects.order_by("number")
        for number, *who in rows.values_list("task", "by__name", "to__name", "read_by__name"):
            passed[number].append(Passed(*who))
        rows = Block.objects.order_by("number")
        for number, by, waits, ended in rows.values_list("task", "by__name", "waits", "ended_at"):
            stops[number].append((by, waits, ended is None))
        for number, job in self.model.jobs.items():
            assert passed[number] == job.passed
            assert stops[number] == [(one.by, one.waits, one.is_open) for one in job.stops]
