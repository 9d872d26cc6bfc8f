"""Writing, claiming, commenting, closing and editing, each compared with what the contract says of it."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tasks.domain import agents, authoring, claims, closing, comments, editing, leases, reservations
from tasks.domain.leases import LeaseLost
from tasks.domain.refusals import Refusal
from tasks.models import Task
from tests.tasks.machine.board import NAMES, PICK, Board
from tests.tasks.machine.contract import FINISHED, HUMANS, OPEN, RECLAIM_AFTER, Job


class Claiming(Board):
    """The verbs that hand work out and take it back."""

    @initialize(number=st.integers(2, 3))
    def begin(self, number):
        self.open_board()
        for _ in range(number):
            self.create(2, 1, set(), [None, None], "olga", None, set(), None)

    @rule(minutes=st.sampled_from([1, 3, 10, 30, 60, 100, 300]))
    def time_passes(self, minutes):
        self.model.now += timedelta(minutes=minutes)

    @rule(names=st.sets(NAMES, min_size=2))
    def give_signs_of_life(self, names):
        for name in names:
            agents.heartbeat(agents.find(name), status="idle", note="", now=self.model.now)
            self.model.seen[name] = self.model.now

    @rule(
        priority=st.integers(0, 3),
        criteria=st.sampled_from([0, 1, 1, 2]),
        skills=st.sampled_from([set(), set(), {"web"}, {"rust"}]),
        people=st.permutations(["ada", "bob", "rita", None, None, None]),
        creator=st.sampled_from(["olga", "rita", "ada"]),
        later=st.sampled_from([None, None, None, 30, 200]),
        labels=st.sets(st.sampled_from(["x", "y"])),
        dep=st.one_of(st.none(), st.none(), st.integers(0, 30)),
    )
    def create(self, priority, criteria, skills, people, creator, later, labels, dep):
        jobs, now, (reviewer, assignee) = self.model.jobs, self.model.now, people[:2]
        not_before = now + timedelta(minutes=later) if later else None
        deps = {sorted(jobs)[dep % len(jobs)]} if jobs and dep is not None else set()
        texts = [f"criterion {number}" for number in range(criteria)]
        draft = authoring.Draft(
            "t", done_criteria=texts, priority=priority, skills=sorted(skills), reviewer=reviewer,
            assignee=assignee, not_before=not_before, labels=sorted(labels), depends_on=[f"T-{d}" for d in deps],
        )  # fmt: skip
        [task] = authoring.write([draft], by=agents.find(creator), now=now).tasks
        jobs[task.pk] = Job(
            task.pk, now, creator, priority, texts, skills, reviewer, assignee, not_before, labels, deps,
            version=min(criteria, 1),
        )  # fmt: skip

    @rule(name=NAMES, label=st.sampled_from([None, None, None, "x"]))
    def ask_for_work(self, name, label):
        model = self.model
        held, best = model.held_by(name), model.best_for(name, label)
        if not held and not best and model.take_back_what_is_overdue():
            best = model.best_for(name, label)
        found = claims.next_task(name, now=model.now, label=label)
        model.seen[name] = model.now
        if held:
            assert found == claims.Work([job.number for job in held], resumed=True)
        elif best:
            assert found == claims.Work([best.number], resumed=False)
            model.give(best, name)
        else:
            assert isinstance(found, claims.Nothing)

    @rule(name=NAMES, pick=PICK)
    def claim(self, name, pick):
        job, model = self.picked(pick), self.model
        number = job.number
        found = self.outcome(claims.claim, number, by=name)
        own, late = (job.status, job.assignee) == ("doing", name), model.is_silent(job, RECLAIM_AFTER)
        then = deepcopy(job)
        if late and not own:
            model.end_in_silence(then)
        if own:
            assert found == claims.Work([number], resumed=True)
        elif then.status == "doing":
            assert found == claims.AlreadyClaimed
        elif model.is_ready(then, name) and not model.held_by(name):
            assert found == claims.Work([number], resumed=False)
            model.jobs[number] = then
            model.give(then, name)
        else:
            assert found == claims.NotReady

    @rule(name=NAMES, pick=PICK, off=st.sampled_from([None, 0, 0, -1, 1]))
    def comment(self, name, pick, off):
        job = self.picked(pick)
        number = job.number
        holds = job.status == "doing" and job.assignee == name
        lease = None if off is None else max(0, job.token + off)
        before = Task.objects.get(pk=number).lease_expires_at
        said = self.outcome(comments.write, number, by=name, text="word", kind="note", lease=lease)
        if lease is not None and not (holds and lease == job.token):
            assert said == LeaseLost
            return
        assert said.by_holder == holds
        job.word = self.model.now if holds else job.word
        after = Task.objects.get(pk=number).lease_expires_at
        assert after == (leases.terms(None, now=self.model.now)["lease_expires_at"] if holds else before)
        if name in HUMANS:
            job.asks = ""

    @rule(
        verb=st.sampled_from(["cancel", "reopen", "reopen", "release", "take_back"]),
        name=NAMES | st.just("olga"),
        pick=PICK,
    )
    def end_or_restart(self, verb, name, pick):
        self.end(self.picked(pick), verb, name)

    def end(self, job, verb, name):
        number = job.number
        starts = {"cancel": OPEN, "reopen": FINISHED}.get(verb, ("doing",))
        has_a_say = name in HUMANS or name in (job.creator, job.reviewer)
        found = self.outcome(getattr(closing, verb), number, by=name, reason="r")
        if verb != "take_back" and not has_a_say:
            assert found == closing.NotYours
        elif job.status not in starts:
            assert found == closing.WrongState
        else:
            assert found is None
            if verb == "take_back":
                self.model.take_back(job, "todo", by=name)
            else:
                self.model.leave(job, "cancelled" if verb == "cancel" else "todo", by=name)
                job.assignee = None

    @rule(
        name=st.sampled_from(["ada", "bob", "rita", None]),
        pick=PICK,
        minutes=st.sampled_from([None, 60]),
    )
    def reserve(self, name, pick, minutes):
        job, now = self.picked(pick), self.model.now
        until = now + timedelta(minutes=minutes) if minutes and name else None
        agent = agents.find(name) if name else None
        try:
            reservations.reserve(Task.objects.get(pk=job.number), agent, by=None, now=now, until=until)
        except Refusal:
            assert job.status != "todo" or (name is not None and name == job.reviewer)
        else:
            assert job.status == "todo"
            job.assignee, job.until = name, until

    @rule(pick=PICK, priority=st.integers(0, 3), labels=st.sets(st.sampled_from(["x", "y"])))
    def edit(self, pick, priority, labels):
        job = self.picked(pick)
        number = job.number
        changes = {"priority": priority, "labels": sorted(labels)}
        found = self.outcome(editing.edit, number, by="olga", **changes)
        assert found == (None if job.status in OPEN else editing.Closed)
        if found is None:
            self.caught_up(job)
            job.priority, job.labels = priority, labels

    @rule(pick=PICK, other=PICK)
    def wait_for(self, pick, other):
        job, other = self.picked(pick), self.picked(other).number
        number = job.number
        found = self.outcome(editing.edit, number, by="olga", depends_on=[f"T-{other}"])
        assert (found is None) == (job.status == "todo" and not self.model.waits_for(number, other))
        if found is None:
            self.caught_up(job)
            job.deps = {other}

    def picked_at_work(self, pick):
        """A task that somebody has, who is found first if nobody has any; any other where there is none to be had."""
        for name in ("ada", "bob"):
            if not self.any_in("doing"):
                self.ask_for_work(name, None)
        return self.picked(pick, "doing")

    def caught_up(self, job):
        """An edit ends a reservation that has lapsed."""
        if self.model.kept_for(job) != job.assignee:
            job.assignee = job.until = None
