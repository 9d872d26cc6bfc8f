"""The machine's frame: a board beside its model, and what always holds of the two."""

from __future__ import annotations

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tasks.domain import agents, asking
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Criterion, Submission, Task
from tasks.queries import planned
from tests.conftest import NOW
from tests.tasks import invariants
from tests.tasks.machine.contract import BUILDERS, HUMANS, SKILLS, WANTS_DECISION, WANTS_REVIEWER, Contract

NAMES = st.sampled_from(sorted(SKILLS))
# Which of the tasks there are; the small numbers, which are drawn most, are the youngest.
PICK = st.integers(0, 12)
# Mostly whoever it takes, with what it takes.
WHO = st.sampled_from([None, None, None, *sorted(SKILLS)])
OFF = st.sampled_from([0, 0, 0, 0, -1, 1])
_LOGS = [
    "event",
    "comment",
    "submission",
    "evidence",
    "review",
    "verdict",
    "override",
    "criterion",
    "attempt",
    "handoff",
    "block",
]
_COUNTED = "SELECT " + ", ".join(f"(SELECT count(*) FROM tasks_{name})" for name in _LOGS)


class Board(RuleBasedStateMachine):
    """One example is one transaction, rolled back at its end: the append-only log cannot be emptied."""

    def open_board(self):
        """An empty board with the cast on it."""
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model = Contract(NOW)
        for name, skills in SKILLS.items():
            kind = Agent.Kind.HUMAN if name in HUMANS else Agent.Kind.AGENT
            role = "builder" if name in BUILDERS else ""
            agents.register(name, now=NOW, skills=sorted(skills), kind=kind, role=role)

    def teardown(self):
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def outcome(self, call, number, *, by, **how):
        """What the call returned, or the class of its refusal, which has written nothing."""
        before = _counted()
        try:
            return call(Task.objects.get(pk=number), by=agents.find(by), now=self.model.now, **how)
        except Refusal as refusal:
            assert _counted() == before
            return type(refusal)

    def any_in(self, status):
        """Whether there is a task in that state."""
        return any(job.status == status for job in self.model.jobs.values())

    def picked(self, pick, status=None):
        """A task, of those in that state if there are any."""
        jobs = sorted(self.model.jobs.values(), key=lambda job: -job.number)
        jobs = [job for job in jobs if job.status == status] or jobs
        return jobs[pick % len(jobs)]

    @invariant()
    def the_board_is_what_the_model_says(self):
        rows = Task.objects.select_related("assignee", "reviewer")
        assert len(rows) == len(self.model.jobs)
        for row in rows:
            job = self.model.jobs[row.pk]
            assert (row.status, row.done_via) == (job.status, job.done_via)
            assert (row.lease_token, row.attempts) == (job.token, job.attempts)
            assert row.readback_due == job.is_unread
            assert _name(row.reviewer) == job.reviewer
            assert (row.review_until, row.rejections) == (job.review_until, job.rejections)
            assert _asked(row) == job.asks
            if self.model.kept_for(job) == job.assignee:
                assert _name(row.assignee) == job.assignee
                assert row.reserved_until == job.until

    @invariant()
    def criteria_change_only_by_amendment_once_the_work_has_begun(self):
        texts = {number: {} for number in self.model.jobs}
        for one in Criterion.objects.select_related("task").order_by("number"):
            texts[one.task_id].setdefault(one.version, []).append(one.text)
        for number, job in self.model.jobs.items():
            assert texts[number].get(job.version, []) == job.criteria
            assert max(texts[number], default=0) == job.version

    @invariant()
    def what_was_handed_in_and_judged_stays(self):
        stored = {number: [] for number in self.model.jobs}
        rows = Submission.objects.order_by("number").values_list(
            *("task", "agent__name", "criteria_version", "voided_at"),
            *("review__reviewer__name", "review__judgement"),
        )
        for number, by, version, voided, *judged in rows:
            stored[number].append((by, version, voided is not None, tuple(judged)))
        for number, job in self.model.jobs.items():
            assert stored[number] == [
                (one.by, one.version, one.is_void, one.judged or (None, None)) for one in job.handed_in
            ]

    @invariant()
    def nothing_impossible_is_in_the_database(self):
        assert invariants.broken() == []


def _counted():
    with planned.cursor() as cursor:
        cursor.execute(_COUNTED)
        return cursor.fetchone()


def _asked(row):
    if row.asks_human == asking.FOR_A_REVIEWER:
        return WANTS_REVIEWER
    return WANTS_DECISION if row.asks_human else ""


def _name(agent):
    return agent.name if agent else None
