"""Tasks in each of the states, brought there by the moves that lead to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from tasks.domain import agents, blocks, claims, closing, criteria, leases, reviews, submissions
from tasks.models import Agent, DoneVia, Override, Review, Status, Submission, Task, Verdict


def reach(task: Task, status: Status, *, worker: Agent, now: datetime) -> Task:
    """Bring a ready task to `status`, worked on by `worker` where the way leads through a claim; gives it fresh."""
    if status == Status.CANCELLED:
        closing.cancel(task, by=task.created_by, reason="Not needed", now=now)
    elif status != Status.TODO:
        claims.claim(task, by=worker, now=now)
        task.refresh_from_db()
        if status == Status.BLOCKED:
            stop = blocks.Obstacle("The key is missing", "A key from @olga")
            blocks.block(task, stop, by=worker, lease=task.lease_token, now=now)
        if status in (Status.VALIDATING, Status.DONE):
            handed_in = submissions.HandIn("s", [(number, "e") for number in criteria.current(task)])
            submissions.submit(task, handed_in, by=worker, lease=task.lease_token, now=now)
        if status == Status.DONE:
            findings = [reviews.Finding(number, True, "n") for number in criteria.current(task)]
            judged = Review.Judgement.APPROVE
            reviews.judge(
                task, by=judge(now), submission=1, verdict=judged, findings=findings, comment="", now=now
            )
    task.refresh_from_db()
    return task


def judge(now: datetime) -> Agent:
    """A human who has worked on nothing."""
    human, _ = agents.find_or_register("judge", now=now)
    Agent.objects.filter(pk=human.pk).update(kind=Agent.Kind.HUMAN)
    human.refresh_from_db()
    return human


def justify(task: Task, verb: str, *, now: datetime) -> None:
    """Write down what the database wants to see before it lets the move `verb` be made."""
    if verb in ("block", "give_up"):
        stop = blocks.Obstacle("The key is missing", "A key from @olga")
        blocks.record(task.pk, stop, waits=False, by=None, now=now)
    if verb == "override":
        Override.objects.create(task=task, human=judge(now), reason="r", created_at=now)
    if verb == "approve":
        submission = Submission.objects.filter(task=task).latest("number")
        review = Review.objects.create(
            submission=submission, reviewer=judge(now), judgement="approve", created_at=now
        )
        for criterion in criteria.current(task).values():
            Verdict.objects.create(review=review, criterion=criterion, met=True, note="n")


def columns(verb: str, agent: Agent, *, now: datetime) -> dict[str, Any]:
    """What the constraints want set together with the status when `agent` makes the move."""
    if verb == "claim":
        counted = {"lease_token": F("lease_token") + 1, "attempts": F("attempts") + 1}
        return {"assignee": agent, **counted, **leases.terms(None, now=now)}
    done = {"approve": DoneVia.APPROVAL, "override": DoneVia.OVERRIDE}
    return {"done_via": done[verb]} if verb in done else {}


def reject(task: Task, *, now: datetime) -> None:
    """Have a human reject the newest submission of a task."""
    findings = [reviews.Finding(number, False, "n") for number in criteria.current(task)]
    newest = Submission.objects.filter(task=task).latest("number").number
    judged = Review.Judgement.REJECT
    reviews.judge(
        task, by=judge(now), submission=newest, verdict=judged, findings=findings, comment="", now=now
    )
