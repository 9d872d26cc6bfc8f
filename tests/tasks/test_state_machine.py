"""Agents, verbs and the clock, played at random against a small model of the contract.

The model is written from the contract, not from the code: who is given which task is predicted exactly, and after every
step the database's invariants hold.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tasks.domain import (
    agents,
    authoring,
    claims,
    closing,
    comments,
    editing,
    leases,
    reclaiming,
    reservations,
    staleness,
)
from tasks.domain.leases import LeaseLost
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Task
from tests.conftest import NOW
from tests.tasks import invariants
from tests.tasks.model import SKILLS, Contract, Model

NAMES = st.sampled_from(sorted(SKILLS))
OPEN = ("todo", "doing")


class Board(Contract, RuleBasedStateMachine):
    """One example is one transaction, rolled back at its end: the append-only log cannot be emptied."""

    tasks = Bundle("tasks")

    @initialize()
    def begin(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now, self.model = NOW, {}
        for name, skills in SKILLS.items():
            kind = Agent.Kind.HUMAN if name == "olga" else Agent.Kind.AGENT
            agents.register(name, now=self.now, skills=sorted(skills), kind=kind)

    def teardown(self):
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # What happens.

    @rule(minutes=st.integers(1, 300))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(
        target=tasks,
        priority=st.integers(0, 3),
        criteria=st.sampled_from([0, 1, 1, 2]),
        skills=st.sets(st.sampled_from(["rust", "web"]), max_size=1),
        people=st.permutations(["ada", "bob", "rita", None, None]),
        later=st.sampled_from([None, None, None, 30, 200]),
        labels=st.sets(st.sampled_from(["x", "y"])),
        dep=st.one_of(st.none(), st.integers(0, 30)),
    )
    def create(self, priority, criteria, skills, people, later, labels, dep):
        reviewer, assignee = people[:2]
        not_before = self.now + timedelta(minutes=later) if later else None
        deps = {sorted(self.model)[dep % len(self.model)]} if self.model and dep is not None else set()
        draft = authoring.Draft(
            "t", done_criteria=["c"] * criteria, priority=priority, skills=sorted(skills), reviewer=reviewer,
            assignee=assignee, not_before=not_before, labels=sorted(labels), depends_on=[f"T-{d}" for d in deps],
        )  # fmt: skip
        [task] = authoring.write([draft], by=agents.find("olga"), now=self.now).tasks
        self.model[task.pk] = Model(
            task.pk, self.now, priority, criteria, skills, reviewer, assignee, not_before, labels, deps
        )
        return task.pk

    @rule(name=NAMES, label=st.sampled_from([None, None, "x"]))
    def ask_for_work(self, name, label):
        held, best = self.held_by(name), self.best_for(name, label)
        if not held and not best:
            self.take_back_what_is_overdue()
            best = self.best_for(name, label)
        found = claims.next_task(name, now=self.now, label=label)
        if held:
            assert found == claims.Work([task.number for task in held], resumed=True)
        elif best:
            assert found == claims.Work([best.number], resumed=False)
            self.given(best, name)
        else:
            assert isinstance(found, claims.Nothing)

    @rule(name=NAMES, number=tasks)
    def claim(self, name, number):
        task = self.model[number]
        own = task.status == "doing" and task.assignee == name
        overdue = self.is_overdue(task) and not own
        try:
            found = claims.claim(self.row(number), by=agents.find(name), now=self.now)
        except claims.AlreadyClaimed:
            assert task.status == "doing"
            assert not own
            assert not overdue
        except claims.NotReady:
            assert not own
            assert overdue or not self.is_ready(task, name) or self.held_by(name)
        else:
            assert found.resumed == own
            if overdue:
                self.end_in_silence(task)
            if not own:
                assert self.is_ready(task, name)
                assert not self.held_by(name)
                self.given(task, name)

    @rule(name=NAMES, number=tasks, off=st.sampled_from([None, 0, 0, -1, 1]))
    def comment(self, name, number, off):
        task = self.model[number]
        holds = task.status == "doing" and task.assignee == name
        lease = None if off is None else max(0, task.token + off)
        before = self.row(number).lease_expires_at
        try:
            said = comments.write(
                self.row(number), by=agents.find(name), text="word", kind="note", lease=lease, now=self.now
            )
        except LeaseLost:
            assert lease is not None
            assert not (holds and lease == task.token)
        else:
            assert lease is None or (holds and lease == task.token)
            assert said.by_holder == holds
            task.word = self.now if holds else task.word
            after = self.row(number).lease_expires_at
            assert (
                (after == leases.terms(None, now=self.now)["lease_expires_at"])
                if holds
                else (after == before)
            )

    @rule(verb=st.sampled_from(["cancel", "reopen", "release", "take_back"]), name=NAMES, number=tasks)
    def end_or_restart(self, verb, name, number):
        task = self.model[number]
        starts = {"cancel": ("todo", "doing", "blocked"), "reopen": ("done", "cancelled")}.get(
            verb, ("doing",)
        )
        may = name == "olga" or name == task.reviewer or verb == "take_back"
        try:
            getattr(closing, verb)(self.row(number), by=agents.find(name), reason="r", now=self.now)
        except Refusal:
            assert not (may and task.status in starts)
        else:
            assert may
            assert task.status in starts
            silent = verb == "take_back"
            if task.status == "doing":
                task.silences = task.silences + 1 if silent else 0
            task.status = "cancelled" if verb == "cancel" else "todo"
            task.assignee = task.until = None
            task.token += silent

    @rule()
    def look_after_itself(self):
        stale = [task for task in self.model.values() if self.is_silent_for(task, 30)]
        staleness.flag(now=self.now)
        assert set(Task.objects.exclude(flagged_at=None).values_list("pk", flat=True)) == {
            task.number for task in stale
        }
        assert reclaiming.take_back(now=self.now) == self.take_back_what_is_overdue()

    @rule(
        name=st.sampled_from(["ada", "bob", "rita", None]), number=tasks, minutes=st.sampled_from([None, 60])
    )
    def reserve(self, name, number, minutes):
        task = self.model[number]
        until = self.now + timedelta(minutes=minutes) if minutes and name else None
        agent = agents.find(name) if name else None
        try:
            reservations.reserve(self.row(number), agent, by=None, now=self.now, until=until)
        except Refusal:
            assert task.status != "todo" or (name is not None and name == task.reviewer)
        else:
            assert task.status == "todo"
            task.assignee, task.until = name, until

    @rule(number=tasks, priority=st.integers(0, 3), labels=st.sets(st.sampled_from(["x", "y"])))
    def edit(self, number, priority, labels):
        task = self.model[number]
        try:
            editing.edit(
                self.row(number),
                by=agents.find("olga"),
                now=self.now,
                priority=priority,
                labels=sorted(labels),
            )
        except editing.Closed:
            assert task.status not in OPEN
        else:
            task.priority, task.labels = priority, labels

    @rule(number=tasks, reviewer=st.sampled_from(["ada", "bob", "rita", None]), by=NAMES)
    def name_a_reviewer(self, number, reviewer, by):
        task = self.model[number]
        try:
            editing.edit(self.row(number), by=agents.find(by), now=self.now, reviewer=reviewer)
        except Refusal:
            taken = reviewer is not None and (reviewer in task.workers or reviewer == task.assignee)
            assert task.status not in OPEN or by in task.workers or taken
        else:
            assert by not in task.workers
            assert reviewer is None or reviewer not in task.workers
            task.reviewer = reviewer

    @rule(number=tasks, other=tasks)
    def wait_for(self, number, other):
        task = self.model[number]
        try:
            editing.edit(self.row(number), by=agents.find("olga"), now=self.now, depends_on=[f"T-{other}"])
        except Refusal:
            assert task.status != "todo" or self.waits_for(number, other)
        else:
            assert not self.waits_for(number, other)
            task.deps = {other}

    @rule(number=consumes(tasks))
    def forget(self, number):
        """Leave a task alone from now on, so that later steps meet the younger ones too."""

    # What always holds.

    @invariant()
    def the_board_is_what_the_model_says(self):
        for row in Task.objects.select_related("assignee", "reviewer"):
            task = self.model[row.pk]
            assert row.status == task.status
            assert (row.lease_token, row.attempts) == (task.token, task.attempts)
            assert (row.reviewer and row.reviewer.name) == task.reviewer
            if not (task.until and task.until <= self.now):
                assert (row.assignee and row.assignee.name) == task.assignee

    @invariant()
    def nothing_impossible_is_in_the_database(self):
        if hasattr(self, "model"):
            assert invariants.broken() == []

    def given(self, task, name):
        task.status, task.assignee, task.until, task.since = "doing", name, None, self.now
        task.word = self.now
        task.token += 1
        task.attempts += 1
        task.workers.add(name)

    def row(self, number):
        return Task.objects.get(pk=number)


@pytest.mark.django_db
def test_agents_verbs_and_the_clock_agree_with_the_model():
    assert timezone.get_current_timezone_name() == "UTC"
    run_state_machine_as_test(
        Board,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
