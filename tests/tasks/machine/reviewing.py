"""Handing in, judging, passing on, amending and overriding; and the ways to cheat at each."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tasks.domain import agents, closing, criteria, editing, handoffs, reviews, submissions
from tasks.domain.leases import LeaseLost
from tasks.domain.refusals import Invalid
from tasks.models import Review
from tests.tasks.machine.board import NAMES, OFF, PICK, WHO
from tests.tasks.machine.contract import (
    FINISHED,
    HUMANS,
    MAX_REJECTIONS,
    OPEN,
    RESERVE_FOR,
    SKILLS,
    WANTS_DECISION,
    HandedIn,
)
from tests.tasks.machine.passing_on import PassingOn

TAMPERED = ["left out", "twice", "unknown"]
EVIDENCE = st.sampled_from(["whole"] * 5 + TAMPERED)
SPOILT = [*TAMPERED, "blank", "contrary"]
FINDINGS = st.sampled_from(["whole"] * 7 + SPOILT)


class Reviewing(PassingOn):
    """The verbs between work and done. A name of None is whoever it takes."""

    @rule(workers=st.lists(st.sampled_from(["ada", "bob", "rita", "olga"]), min_size=1, max_size=3))
    def work_as_one_should(self, workers):
        for name in workers:
            self.ask_for_work(name, None)
            if held := self.model.held_by(name):
                self.read_as_one_should(held[0])
                self.hand_in(held[0], name, 0, "whole")

    @rule(verdicts=st.lists(st.tuples(NAMES, st.sampled_from([True, False, False])), min_size=1, max_size=3))
    def review_as_one_should(self, verdicts):
        for name, approve in verdicts:
            self.ask_for_and_judge(name, approve)

    @rule(names=st.lists(NAMES, min_size=2, max_size=2), rounds=st.integers(1, 3))
    def quarrel(self, names, rounds):
        """The one works, and the other rejects it, again and again."""
        for _ in range(rounds):
            self.work_as_one_should([names[0]])
            self.ask_for_and_judge(names[1], False)

    @rule(pick=PICK, how=st.sampled_from(["own work", "stranger", "old submission", *TAMPERED, "blank"]))
    def cheat_at_the_review(self, pick, how):
        """All as it should be, but for one thing."""
        if not self.any_in("validating"):
            self.work_as_one_should(["ada", "bob"])
        job = self.picked(pick, "validating")
        workers, reviewer = sorted(job.workers), job.reviewer or "zed"
        name = workers[pick % len(workers)] if how == "own work" and workers else reviewer
        name = "bob" if how == "stranger" else name
        self.give_verdict(job, name, -(how == "old submission"), how, True)

    @rule(pick=PICK, how=st.sampled_from(["another's", "old lease", *TAMPERED]))
    def cheat_at_the_work(self, pick, how):
        job = self.picked_at_work(pick)
        self.read_as_one_should(job)
        name = "zed" if how == "another's" else job.assignee or "ada"
        self.hand_in(job, name, -(how == "old lease"), how)

    def ask_for_and_judge(self, name, approve):
        job = self.model.review_for(name)
        self.ask_for_a_review(name)
        if job:
            self.give_verdict(job, name, 0, "whole", approve)

    @rule(name=WHO, pick=PICK, off=OFF, evidence=EVIDENCE)
    def submit(self, name, pick, off, evidence):
        job = self.picked(pick, "doing")
        self.hand_in(job, name or job.assignee or "ada", off, evidence)

    def hand_in(self, job, name, off, evidence):
        lease = max(0, job.token + off)
        texts = [(number, "e") for number in numbers(job, evidence)]
        found = self.outcome(
            lambda task, **how: submissions.submit(task, submissions.HandIn("s", texts), **how),
            *(job.number,), by=name, lease=lease,
        )  # fmt: skip
        if (job.status, job.assignee, job.token) != ("doing", name, lease):
            assert found == LeaseLost
        elif job.is_unread:
            assert found == handoffs.ReadbackNeeded
        elif evidence in TAMPERED:
            assert found == Invalid
        else:
            assert found.number == len(job.handed_in) + 1
            job.handed_in.append(HandedIn(name, job.version))
            reviewer = job.reviewer or self.model.chosen_for(job)
            self.model.leave(job, "validating", by=None)
            self.model.put_in_review(job, reviewer)

    @rule(name=WHO, pick=PICK, off=OFF, findings=FINDINGS, approve=st.booleans())
    def judge(self, name, pick, off, findings, approve):
        job = self.picked(pick, "validating")
        self.give_verdict(job, name or job.reviewer or "zed", off, findings, approve)

    def give_verdict(self, job, name, off, findings, approve):
        newest = len(job.handed_in)
        word = "approve" if approve else "reject"
        found = self.outcome(
            reviews.judge, job.number, by=name, submission=newest + off, verdict=Review.Judgement(word),
            findings=found_out(job, findings, approve), comment="",
        )  # fmt: skip
        waits = job.status == "validating"
        if name in job.workers:
            assert found == reviews.OwnWork
        elif waits and job.reviewer not in (None, name) and name not in HUMANS:
            assert found == reviews.NotTheReviewer
        elif not waits or off:
            assert found == reviews.WrongState
        elif findings in SPOILT:
            assert found == Invalid
        else:
            assert found.status == ("done" if approve else "todo")
            job.handed_in[-1].judged = (name, word)
            self.judged(job, name, approve)

    def judged(self, job, name, approve):
        self.model.leave(job, "done" if approve else "todo", by=name)
        if approve:
            job.done_via = "approval"
        else:
            job.until = self.model.now + RESERVE_FOR
            asks = job.rejections >= MAX_REJECTIONS and name not in HUMANS
            job.asks = WANTS_DECISION if asks else job.asks

    @rule(name=NAMES)
    def ask_for_a_review(self, name):
        job, found = self.model.review_for(name), reviews.next_review(agents.find(name), now=self.model.now)
        assert (found and found.pk) == (job and job.number)
        if job and (job.reviewer != name or job.review_until <= self.model.now):
            self.model.put_in_review(job, name)

    @rule(
        pick=PICK,
        by=NAMES | st.just("olga"),
        reviewer=st.sampled_from([*sorted(SKILLS), None, None]),
    )
    def name_a_reviewer(self, pick, by, reviewer):
        job = self.picked(pick)
        number = job.number
        found = self.outcome(editing.edit, number, by=by, reviewer=reviewer)
        has_a_say = job.status != "validating" or by in HUMANS or by in (job.creator, job.reviewer)
        works_on_it = reviewer is not None and reviewer in {*job.workers, self.model.kept_for(job)}
        allowed = job.status in OPEN and by not in job.workers and has_a_say and not works_on_it
        assert (found is None) == allowed
        if allowed:
            self.caught_up(job)
            if job.status == "validating":
                self.model.put_in_review(job, reviewer or self.model.chosen_for(job, but=job.reviewer))
            else:
                job.reviewer = reviewer

    @rule(pick=PICK, by=NAMES | st.just("olga"), texts=st.integers(1, 2))
    def amend(self, pick, by, texts):
        job = self.picked(pick)
        number = job.number
        wanted = [f"amended to {job.version + 1}, {n}" for n in range(texts)]
        found = self.outcome(
            lambda task, **how: criteria.amend(task, wanted, reason="r", **how), number, by=by
        )
        if by in job.workers:
            assert found == criteria.OwnWork
        elif by not in HUMANS and by != job.creator:
            assert found == criteria.MayNotAmend
        elif job.status in FINISHED:
            assert found == criteria.Finished
        else:
            job.version, job.criteria = job.version + 1, wanted
            assert found == job.version
            for one in job.handed_in:
                one.is_void = True
            waits = job.status == "todo" or job.assignee is None
            until = job.until if waits else self.model.now + RESERVE_FOR
            self.model.leave(job, "todo", by=by)
            job.until = until

    @rule(pick=PICK, by=NAMES, texts=st.integers(0, 2))
    def rewrite_criteria(self, pick, by, texts):
        job = self.picked(pick)
        number = job.number
        wanted = [f"rewritten {n}" for n in range(texts)]
        found = self.outcome(editing.edit, number, by=by, done_criteria=wanted)
        assert (found is None) == (job.status == "todo" and job.attempts == 0)
        if found is None:
            self.caught_up(job)
            job.criteria, job.version = wanted, min(texts, 1)

    @rule(pick=PICK, by=NAMES)
    def override(self, pick, by):
        job = self.picked(pick)
        number = job.number
        found = self.outcome(closing.override, number, by=by, reason="r")
        if by not in HUMANS:
            assert found == closing.NotHuman
        elif job.status in FINISHED:
            assert found == closing.WrongState
        else:
            assert found is None
            self.model.leave(job, "done", by=by)
            job.done_via = "override"


def numbers(job, how):
    """The criteria that are named: all of them, or tampered with."""
    every = list(range(1, len(job.criteria) + 1))
    return {"left out": every[1:], "twice": [*every, 1], "unknown": [*every, 9]}.get(how, every)


def found_out(job, how, approve):
    """A verdict on each criterion: one that the judgement follows from, or tampered with."""
    met = approve != (how == "contrary")
    note = " \n" if how == "blank" else "n"
    return [reviews.Finding(number, met, note) for number in numbers(job, how)]
