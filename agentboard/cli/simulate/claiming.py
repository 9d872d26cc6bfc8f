"""Claiming: how a session gets work and finds its work again, and what the board owes it then."""

from __future__ import annotations

from typing import Any

from agentboard.cli.simulate import history, reading
from agentboard.cli.simulate.ledger import Hold
from agentboard.cli.simulate.line import Call
from agentboard.cli.simulate.session import Session

# Seconds that an agent without a task waits for one in a call.
WAIT = 2
LOOK_AT = 20
_FINISHED = ("done", "cancelled")
_REFUSALS = ("already_claimed", "not_ready")


def account(session: Session) -> None:
    """Compare what the agent holds with what it knows: nothing is lost, nothing came unasked."""
    known = session.held
    packets = session.ask(Call("active", "GET", "/tasks/active")).body["tasks"]
    told = {packet["task"]["id"]: packet["lease"]["token"] for packet in packets}
    for task, token in known.items():
        if told.get(task) != token:
            lose(session, task, token)
    for packet in packets:
        if known.get(packet["task"]["id"]) != packet["lease"]["token"]:
            _find(session, packet)


def ask_for_work(session: Session) -> None:
    """`next`: a new task if the agent may hold one more, else one that it holds, under the lease it knows."""
    member, has_room = session.member, session.has_room
    # Whoever drains the board does not wait here for work that its own review would free.
    wait = 0 if session.held or session.drains else WAIT
    at = session.ledger.moves
    member.state = "waiting" if wait else "asking"
    member.unanswered += has_room
    member.settled = False
    name = "next, waiting" if wait else "next"
    packet = session.ask(Call(name, "GET", "/tasks/next", query={"wait": wait}, patience=wait)).body
    member.unanswered -= has_room
    if packet["task"] is None:
        member.settled, member.nothing_to_do_at = True, at
        if not has_room:
            # Unless a submission that was cut off has arrived meanwhile, which the task's history shows.
            account(session)
        if not (has_room or session.has_room):
            session.ledger.violate(f"{session.name} holds all it may and was told that there is nothing")
    elif packet["resumed"]:
        _resume(session, packet)
    else:
        _take(session, packet)


def pick_one(session: Session) -> None:
    """Look at what is ready and claim one of it, as somebody else may at the same moment."""
    ready = session.ask(Call("tasks", "GET", "/tasks", query={"ready": "true", "limit": LOOK_AT})).body[
        "tasks"
    ]
    if not ready:
        return
    ref = session.dice.choice(ready)["id"]
    session.member.unanswered += 1
    reply = session.ask(Call("claim", "POST", f"/tasks/{ref}/claim", body={}, expected=(200, 409)))
    session.member.unanswered -= 1
    if reply.status == 200 and not reply.body["resumed"]:
        _take(session, reply.body)
    elif reply.status == 409 and reply.body.get("code") not in _REFUSALS:
        session.ledger.violate(f"{session.name}: claiming {ref} was refused as {reply.body.get('code')}")


def lose(session: Session, task: str, token: int) -> None:
    """The board says that the agent does not hold this any more: only the task's history can justify that."""
    session.ledger.drop(task, Hold(session.name, token))
    session.member.settled = False
    if history.ended(reading.events(session, task), token):
        session.ledger.taken_back.add((task, token))
    else:
        session.ledger.violate(f"{session.name} held {task} under token {token} and has lost it")


def _take(session: Session, packet: dict[str, Any]) -> None:
    session.member.claims += 1
    _note(session, packet)


def _resume(session: Session, packet: dict[str, Any]) -> None:
    task, token = packet["task"]["id"], packet["lease"]["token"]
    known = session.held.get(task)
    session.member.resumes += 1
    if known is not None and known != token:
        lose(session, task, known)
    if known != token:
        _find(session, packet)
    if session.has_room:
        # The board counts more than the agent knows: claims whose answer it never saw.
        account(session)
    session.member.task, session.member.settled = task, not session.has_room


def _find(session: Session, packet: dict[str, Any]) -> None:
    """The agent holds a task it does not know: it must have asked for it in a call that it saw no answer to."""
    task, token = packet["task"]["id"], packet["lease"]["token"]
    if session.ledger.was_parting(task, Hold(session.name, token)):
        # The call that was to give it away was cut off before it had arrived.
        session.ledger.give(task, Hold(session.name, token))
        return
    if session.member.unanswered == 0:
        session.ledger.violate(f"{session.name} was told that it holds {task}, which it has never been given")
    session.member.unanswered = max(0, session.member.unanswered - 1)
    session.member.found += 1
    _note(session, packet)


def _note(session: Session, packet: dict[str, Any]) -> None:
    """A claim that is new to the agent: nobody else has the task, and nothing it depends on is open."""
    task, token = packet["task"]["id"], packet["lease"]["token"]
    # First of all: the session may die in any of the calls below.
    session.ledger.packets[task] = packet["task"]
    before = session.ledger.give(task, Hold(session.name, token))
    session.member.task, session.member.settled = task, not session.has_room
    if before is not None:
        if history.ended(reading.events(session, task), before.token):
            session.ledger.taken_back.add((task, before.token))
        else:
            had = f"{before.agent} held it under token {before.token}"
            session.ledger.violate(f"{task} was given to {session.name} under token {token} while {had}")
    _check_feedback(session, packet)
    for blocker in packet["task"]["depends_on"]:
        if blocker not in session.ledger.finished:
            _check_blocker(session, task, blocker)


def _check_blocker(session: Session, task: str, blocker: str) -> None:
    shown = session.ask(Call("show", "GET", f"/tasks/{blocker}")).body
    if shown["status"] in _FINISHED:
        session.ledger.finished[blocker] = shown.get("done_via")
    else:
        session.ledger.violate(f"{task} was given to {session.name} while {blocker} is {shown['status']}")


def _check_feedback(session: Session, packet: dict[str, Any]) -> None:
    """A task that was rejected comes back with the reviewer's notes."""
    task = packet["task"]["id"]
    rejection = session.ledger.handed_in.newest_rejection(task)
    if rejection is None:
        return
    number, review = rejection
    found = packet.get("feedback") or {"by": None, "criteria": []}
    notes = {one["id"]: (one["met"], one["note"]) for one in found["criteria"]}
    if (found["by"], notes) == (review.by, review.notes):
        return
    # Unless it has been handed in since, by a call whose answer was never seen.
    if history.rejected(reading.events(session, task)) == number:
        session.ledger.violate(f"{task} came back to {session.name} without the notes of {review.by}")
