"""Stories that a random walk hardly ever tells to their end; each step of them is predicted like any other."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.tasks.machine.board import NAMES, PICK
from tests.tasks.machine.contract import SKILLS
from tests.tasks.machine.reviewing import Reviewing


class Stories(Reviewing):
    """The whole machine."""

    @rule(names=st.lists(NAMES, min_size=1, max_size=3), words=st.booleans(), helps=st.booleans())
    def fall_silent(self, names, words, helps):
        """Each takes what it is given and is not heard of again, but perhaps for a read-back; the last of them unblocks
        what was given up."""
        for name in names:
            self.ask_for_work(name, None)
            if words:
                self.time_passes(30)
                for job in self.model.held_by(name):
                    self.read_as_one_should(job)
            self.time_passes(30)
            self.look_after_itself()
        for job in self.model.jobs.values() if helps else ():
            if job.status == "blocked":
                self.let_go_on(job, names[-1])

    @rule(
        names=st.permutations(sorted(SKILLS)),
        pick=PICK,
        to_all=st.booleans(),
        hurry=st.sampled_from(["no", "stops", "hands in"]),
    )
    def pass_on_as_one_should(self, names, pick, to_all, hurry):
        """One hands on; whoever takes over says it back, or would rather not."""
        job = self.picked_at_work(pick)
        self.pass_to(job, job.assignee or "ada", 0, None if to_all else names[0], "")
        self.ask_for_work(names[0], None)
        for taken in self.model.held_by(names[0]):
            if hurry == "stops":
                self.stop(taken, names[0], 0, set())
            if hurry == "hands in":
                self.hand_in(taken, names[0], 0, "whole")
            self.read_as_one_should(taken)

    @rule(
        pick=PICK,
        number=st.integers(0, 2),
        end=st.sampled_from(["all end", "one ends", "unblock", "amend", "override", "go on"]),
        name=NAMES,
    )
    def wait_as_one_should(self, pick, number, end, name):
        """One waits for new tasks, until they are finished or somebody says that it need not."""
        job = self.picked_at_work(pick)
        self.read_as_one_should(job)
        before = set(self.model.jobs)
        for _ in range(number):
            self.create(2, 1, set(), [None, None], "olga", None, set(), None)
        wanted = sorted(set(self.model.jobs) - before)
        self.stop(job, job.assignee or "ada", 0, set(wanted))
        at = sorted(self.model.jobs, reverse=True).index(job.number)
        if end == "unblock":
            self.let_go_on(job, name)
        elif end == "amend":
            self.amend(at, "olga", 1)
        elif end == "override":
            self.override(at, "olga")
        for other in {"all end": wanted, "one ends": wanted[:1]}.get(end, []):
            self.end(self.model.jobs[other], "cancel", "olga")
