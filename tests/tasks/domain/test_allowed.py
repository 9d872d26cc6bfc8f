"""What is said to be allowed is what the call does: every state, every verb, every kind of person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from tasks.domain import (
    agents,
    allowed,
    blocks,
    claims,
    closing,
    criteria,
    editing,
    handoffs,
    reviews,
    submissions,
)
from tasks.domain.refusals import Refusal
from tasks.models import Agent, Handoff, Review, Status, Submission, Task
from tests.tasks import states

pytestmark = pytest.mark.once  # what differs between databases is tested room by room
HOUR = timedelta(hours=1)
WORDS = handoffs.Words("Half of it", "The rest", "none")
# Who looks: the worker, two strangers (one lacks the skill), the reviewer, the creator, a human, a human who worked.
PEOPLE = ["ada", "bob", "zed", "rita", "carl", "olga", "hugo"]
STATES = ["todo", "no criteria", "waiting", "deferred", "reserved", "lapsed", "rejected", "doing", "unread",
    "busy", "blocked", "validating", "done", "cancelled"]  # fmt: skip


def evidence(task):
    return [(number, "e") for number in criteria.current(task)]


def submit(task, **by):
    submissions.submit(task, submissions.HandIn("s", evidence(task)), lease=task.lease_token, **by)


def read_back(task, **by):
    newest = Handoff.objects.filter(task=task).order_by("-number").first()
    number = newest.number if newest else 1
    handoffs.read_back(task, number, text="I go on", lease=task.lease_token, **by)


def judge(task, **by):
    newest = Submission.objects.filter(task=task).order_by("-number").first()
    findings = [reviews.Finding(number, True, "n") for number in criteria.current(task)]
    number, approve = newest.number if newest else 1, Review.Judgement.APPROVE
    reviews.judge(task, submission=number, verdict=approve, findings=findings, comment="", **by)


def block(task, **by):
    blocks.block(task, blocks.Obstacle("No key", "A key"), lease=task.lease_token, **by)


# How each verb is called, with nothing in what is said that could be refused.
CALLS = {
    "claim": claims.claim,
    "readback": read_back,
    "submit": submit,
    "handoff": lambda task, **by: handoffs.hand_off(task, WORDS, to=None, lease=task.lease_token, **by),
    "block": block,
    "unblock": lambda task, **by: blocks.unblock(task, resolution="Here", **by),
    "review": judge,
    "amend": lambda task, **by: criteria.amend(task, ["Better"], reason="r", **by),
    "edit": lambda task, **by: editing.edit(task, title="Other", priority=0, labels=["x"], **by),
    "criteria": lambda task, **by: editing.edit(task, done_criteria=["Better"], **by),
    "reviewer": lambda task, **by: editing.edit(task, reviewer="quinn", **by),
    "assignee": lambda task, **by: editing.edit(task, assignee="quinn", **by),
    "queue": lambda task, **by: editing.edit(task, project="other", skills=[], not_before=None, **by),
    "depends_on": lambda task, **by: editing.edit(task, depends_on=[], **by),
    "release": lambda task, **by: closing.release(task, reason="r", **by),
    "cancel": lambda task, **by: closing.cancel(task, reason="r", **by),
    "reopen": lambda task, **by: closing.reopen(task, reason="r", **by),
    "override": lambda task, **by: closing.override(task, reason="r", **by),
}


@pytest.fixture
def task_in(ada, rita, olga, zed, write, now):
    """A task written by carl and reviewed by rita, that the human hugo had once and ada has worked on since."""
    carl = agents.register("carl", now=now, skills=["sql"])
    hugo = agents.register("hugo", now=now, kind=Agent.Kind.HUMAN, skills=["sql"])
    for agent in (ada, rita, olga, agents.register("bob", now=now)):
        agents.change(agent, by=None, now=now, skills=["sql"])

    def one(state):
        blocker, draft = write("First", by=carl), {}
        if state in ("no criteria", "waiting", "deferred"):
            draft = {
                "no criteria": {"done_criteria": []},
                "waiting": {"depends_on": [blocker.ref]},
                "deferred": {"not_before": now + HOUR},
            }[state]
        task = write("Second", by=carl, reviewer="rita", skills=["sql"], **draft)
        if draft:
            return task
        if state != "todo":
            claims.claim(task, by=hugo, now=now)
            closing.release(task, by=carl, reason="r", now=now)
        reach(Task.objects.get(pk=task.pk), state, ada, blocker, now)
        return task

    return one


def reach(task, state, ada, blocker, now):
    if state in Status.values:
        states.reach(task, Status(state), worker=ada, now=now)
    elif state in ("reserved", "lapsed"):
        claims.claim(task, by=ada, now=now)
        task.refresh_from_db()
        handoffs.hand_off(
            task, WORDS, to=ada, by=ada, lease=task.lease_token, now=now - 5 * HOUR * (state == "lapsed")
        )
    elif state == "rejected":
        states.reject(states.reach(task, Status.VALIDATING, worker=ada, now=now), now=now)
    elif state == "unread":
        states.reach(task, Status.DOING, worker=ada, now=now)
        closing.take_back(task, by=None, reason="Silent", now=now)
        claims.claim(task, by=ada, now=now)
    elif state == "busy":
        claims.claim(blocker, by=agents.find("bob"), now=now)


@pytest.mark.parametrize("state", STATES)
def test_what_is_allowed_is_what_is_not_refused(task_in, state, now):
    pk = task_in(state).pk
    wrong, answers = [], set()
    for name in PEOPLE:
        by = agents.find(name)
        said = allowed.verbs(_read(pk), by=by, now=now)
        assert said.keys() == CALLS.keys()
        for verb, call in CALLS.items():
            found = _refusal(call, _read(pk), by=by, now=now)
            answers.add(found is None)
            if said[verb] != found:
                wrong.append((name, verb, said[verb], found))
    assert wrong == []
    assert answers == {True, False}


def _read(pk):
    return Task.objects.select_related("assignee", "lane").get(pk=pk)


def _refusal(call, task, **by):
    """What the call says when it refuses, None if it does what it is for; it is undone either way."""
    with transaction.atomic():
        try:
            call(task, **by)
        except Refusal as refusal:
            return refusal.detail
        finally:
            transaction.set_rollback(True)
    return None


def test_looking_costs_a_few_queries_and_writes_nothing(task_in, django_assert_max_num_queries, now):
    pk, olga = task_in("validating").pk, agents.find("olga")
    task = _read(pk)
    with django_assert_max_num_queries(9) as asked:
        allowed.verbs(task, by=olga, now=now)
    assert all(query["sql"].lstrip().startswith("SELECT") for query in asked.captured_queries)
