"""A board on which every text that anybody can write is one of `tests.hostile.STRINGS`, in every state a task has."""

from __future__ import annotations

from datetime import datetime

from channels_app.domain import channels, messages
from tasks.domain import agents, authoring, blocks, claims, comments, handoffs, reviews, submissions
from tasks.models import Agent, Review, Task
from tests.hostile import STRINGS

# As Markdown the strings would swallow each other; a line of its own for each keeps most of them whole.
WHOLE = "\n\n".join(STRINGS)
KINDS = ("note", "tried", "failed", "pending", "decision", "question")


def fill(*, now: datetime) -> dict[str, Task]:
    """Write the board; gives a task full of the strings for each kind of page: by its state, and `handed over`."""
    olga = agents.register("olga", now=now, kind=Agent.Kind.HUMAN, last_seen_at=now)
    ada = agents.register("ada", now=now, last_seen_at=now, role=STRINGS[0], wip_limit=1000)
    agents.heartbeat(ada, status="working", note=STRINGS[23], now=now)
    drafts = [
        authoring.Draft(title=text[:300], description=text, done_criteria=[text], labels=[text[:30]])
        for text in STRINGS
    ]
    full = authoring.Draft(title="All of it", description=WHOLE, done_criteria=STRINGS[:20], reviewer="olga")
    authoring.write(drafts, by=olga, now=now)
    told = authoring.write([full] * 6, by=olga, now=now).tasks
    todo, doing, stopped, validating, done, passed_on = told
    for task in told[1:]:
        claims.claim(task, by=ada, now=now)
        _talk(task, by=ada, now=now)
    obstacle = blocks.Obstacle(WHOLE[:1900], WHOLE[:1900])
    blocks.block(stopped, obstacle, by=ada, lease=stopped.lease_token, now=now)
    _submit(validating, by=ada, now=now)
    _submit(done, by=ada, now=now)
    _approve(done, by=olga, now=now)
    words = handoffs.Words(WHOLE, WHOLE, WHOLE)
    handoffs.hand_off(passed_on, words, to=ada, by=ada, lease=passed_on.lease_token, now=now)
    _converse(by=ada, now=now)
    for task in told:
        task.refresh_from_db()
    return {
        "todo": todo,
        "doing": doing,
        "blocked": stopped,
        "validating": validating,
        "done": done,
        "handed over": passed_on,
    }


def _talk(task: Task, *, by: Agent, now: datetime) -> None:
    task.refresh_from_db()
    for number, text in enumerate(STRINGS):
        kind = KINDS[number % len(KINDS)]
        comments.write(task, by=by, text=text, kind=kind, lease=task.lease_token, now=now)


def _submit(task: Task, *, by: Agent, now: datetime) -> None:
    evidence = [(number, text) for number, text in enumerate(STRINGS[:20], start=1)]
    artifacts = [submissions.Artifact(text[:100], "https://example.invalid/x") for text in STRINGS[:10]]
    handed_in = submissions.HandIn(WHOLE, evidence, artifacts, WHOLE)
    submissions.submit(task, handed_in, by=by, lease=task.lease_token, now=now)


def _approve(task: Task, *, by: Agent, now: datetime) -> None:
    findings = [reviews.Finding(number, True, text) for number, text in enumerate(STRINGS[:20], start=1)]
    reviews.judge(
        task,
        by=by,
        submission=1,
        verdict=Review.Judgement.APPROVE,
        findings=findings,
        comment=WHOLE,
        now=now,
    )


def _converse(*, by: Agent, now: datetime) -> None:
    general = channels.find("general")
    for text in STRINGS:
        messages.post(general, f"@olga {text}", by=by, now=now)
    channels.make("hostile", topic=STRINGS[0][:200], by=by, now=now)
