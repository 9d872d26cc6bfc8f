"""Verbs: each word of a script as the domain call that an agent's call, or a person's, comes to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from agentboard.demo.script import Step
from tasks.domain import agents, blocks, claims, closing, comments, criteria, handoffs, reviews, submissions
from tasks.models import Agent, Comment, Review, Task

Verb = Callable[[Task, Step, Agent, datetime], None]


def act(task: Task, step: Step, *, by: Agent, now: datetime) -> None:
    """Do what the step says with the task, as it is in the database. What the domain refuses is raised."""
    _VERBS.get(step.verb, _comment)(task, step, by, now)


def _claim(task: Task, step: Step, by: Agent, now: datetime) -> None:
    claims.claim(task, by=by, now=now)


def _comment(task: Task, step: Step, by: Agent, now: datetime) -> None:
    lease = task.lease_token if task.status == "doing" and task.assignee_id == by.pk else None
    comments.write(task, by=by, text=step.text, kind=Comment.Kind(step.verb), lease=lease, now=now)


def _submit(task: Task, step: Step, by: Agent, now: datetime) -> None:
    handed_in = submissions.HandIn(
        step.text,
        [(point.number, point.text) for point in step.points],
        [submissions.Artifact(*one.split(" = ")) for one in step.every("artifact")],
        step.fact("caveats"),
    )
    submissions.submit(task, handed_in, by=by, lease=task.lease_token, now=now)


def _judge(task: Task, step: Step, by: Agent, now: datetime) -> None:
    newest = submissions.latest(task.pk)
    assert newest is not None, f"nothing was handed in for {task}"
    reviews.judge(
        task,
        by=by,
        submission=newest.number,
        verdict=Review.Judgement(step.verb),
        findings=[reviews.Finding(point.number, point.met, point.text) for point in step.points],
        comment=step.text,
        now=now,
    )


def _take_review(task: Task, step: Step, by: Agent, now: datetime) -> None:
    reviews.next_review(by, now=now)


def _hand_off(task: Task, step: Step, by: Agent, now: datetime) -> None:
    to = None if step.text == "pool" else agents.find(step.text)
    words = handoffs.Words(step.fact("done"), step.fact("pending"), step.fact("gotchas"))
    handoffs.hand_off(task, words, to=to, by=by, lease=task.lease_token, now=now)


def _read_back(task: Task, step: Step, by: Agent, now: datetime) -> None:
    handoff = handoffs.newest(task.pk)
    assert handoff is not None, f"there is no handoff of {task}"
    handoffs.read_back(task, handoff.number, text=step.text, by=by, lease=task.lease_token, now=now)


def _block(task: Task, step: Step, by: Agent, now: datetime) -> None:
    stop = blocks.Obstacle(step.text, step.fact("needs"), step.fact("waits").split())
    blocks.block(task, stop, by=by, lease=task.lease_token, now=now)


def _unblock(task: Task, step: Step, by: Agent, now: datetime) -> None:
    blocks.unblock(task, by=by, resolution=step.text, now=now)


def _amend(task: Task, step: Step, by: Agent, now: datetime) -> None:
    criteria.amend(task, [point.text for point in step.points], by=by, reason=step.text, now=now)


def _close(call: Callable[..., None]) -> Verb:
    return lambda task, step, by, now: call(task, by=by, reason=step.text, now=now)


_VERBS: dict[str, Verb] = {
    "claim": _claim,
    "submit": _submit,
    "approve": _judge,
    "reject": _judge,
    "review": _take_review,
    "handoff": _hand_off,
    "readback": _read_back,
    "block": _block,
    "unblock": _unblock,
    "amend": _amend,
    "cancel": _close(closing.cancel),
    "reopen": _close(closing.reopen),
    "override": _close(closing.override),
    "release": _close(closing.release),
}
