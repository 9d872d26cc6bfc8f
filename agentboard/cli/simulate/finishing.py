"""Finishing: handing in what is done, and judging what others have handed in."""

from __future__ import annotations

import itertools
from typing import Any

from agentboard.cli.simulate import claiming, handed_in, history, reading
from agentboard.cli.simulate.ledger import Hold
from agentboard.cli.simulate.line import Call
from agentboard.cli.simulate.session import Session

# One of so many submissions is rejected; but a task comes back no more often than this, so that a run has an end.
REJECTED = 0.15
BOUNCES = 2

_COUNTER = itertools.count(1)


def submit(session: Session) -> None:
    """Hand a task in, with evidence for every criterion. It is given away before the call is sent."""
    task, token = session.dice.choice(sorted(session.held.items()))
    session.member.task = task
    criteria = session.ledger.packets[task]["done_criteria"]
    text = f"{session.tag} {next(_COUNTER)}"
    evidence = {one["id"]: f"{text}: looked at criterion {one['id']}" for one in criteria}
    sent = handed_in.Submission(session.name, f"{text}: it is done", evidence)
    body = {
        "lease": token,
        "summary": sent.summary,
        "evidence": [{"criterion": number, "text": text} for number, text in evidence.items()],
    }
    session.ledger.part(task, Hold(session.name, token))
    session.member.settled = False
    reply = session.ask(Call("submit", "POST", f"/tasks/{task}/submissions", body=body, expected=(201, 409)))
    session.ledger.stir()
    if reply.status == 409:
        claiming.lose(session, task, token)
        return
    session.ledger.has_parted(task)
    session.ledger.handed_in.confirm(task, reply.body["submission"], sent)
    session.member.submissions += 1


def judge(session: Session) -> None:
    """Judge what another agent has handed in: approve most of it, reject some, with a note for every criterion."""
    judge_one(session)


def judge_one(session: Session) -> bool:
    """The same; says whether there was anything to judge."""
    at = session.ledger.moves
    packet = session.ask(Call("review", "GET", "/reviews/next")).body
    if packet["task"] is None:
        session.member.nothing_to_judge_at = at
        return False
    _judge(session, packet)
    return True


def _judge(session: Session, packet: dict[str, Any]) -> None:
    task, number = packet["task"]["id"], packet["submission"]["id"]
    session.member.task = task
    _check(session, task, packet["submission"])
    review = _found(session, packet["task"])
    body = {
        "submission": number,
        "verdict": review.verdict,
        "criteria": [{"id": one, "met": met, "note": note} for one, (met, note) in review.notes.items()],
    }
    call = Call("judge", "POST", f"/tasks/{task}/reviews", body=body, expected=(201, 403, 409))
    session.ledger.stir()
    reply = session.ask(call)
    session.ledger.stir()
    if reply.status == 201:
        session.ledger.handed_in.confirm(task, number, review)
        session.member.reviews += 1
        session.member.rejections += review.verdict == "reject"
    elif history.waits(reading.events(session, task), number, reviewer=session.name):
        code = reply.body.get("code")
        session.ledger.violate(f"{session.name} was given {task} to judge and then refused as {code}")


def _check(session: Session, task: str, shown: dict[str, Any]) -> None:
    """It is another's work, nobody has judged it, and it reads as it was handed in."""
    if any(agent == session.name for _, agent in session.ledger.claims_of(task)):
        session.ledger.violate(f"{session.name} was given {task} to judge, which it has worked on")
    known = session.ledger.handed_in
    if known.review(task, shown["id"]):
        session.ledger.violate(f"submission {shown['id']} of {task} was given out to be judged a second time")
    sent = known.submission(task, shown["id"])
    evidence = {one["criterion"]: one["text"] for one in shown["evidence"]}
    if sent and sent != handed_in.Submission(shown["by"], shown["summary"], evidence):
        session.ledger.violate(f"submission {shown['id']} of {task} reads otherwise than {sent.by} wrote it")


def _found(session: Session, task: dict[str, Any]) -> handed_in.Review:
    rejected = task["rejections"] < BOUNCES and session.dice.random() < REJECTED
    numbers = [one["id"] for one in task["done_criteria"]]
    unmet = session.dice.choice(numbers) if rejected else None
    text = f"{session.tag} {next(_COUNTER)}"
    notes = {
        one: (one != unmet, f"{text}: {'not so' if one == unmet else 'looked at it myself'}")
        for one in numbers
    }
    return handed_in.Review(session.name, "reject" if rejected else "approve", notes)
