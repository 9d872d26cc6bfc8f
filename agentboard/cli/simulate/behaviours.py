"""Behaviours: what an agent does, one act at a time.

Each is a function of the session and a row in the table below, with its weight and what it needs. One that gives a task
away (a submission, a handoff) drops it from the ledger before it sends the call: the board may hand the task on before
it answers.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from agentboard.cli.simulate import claiming, finishing, reading
from agentboard.cli.simulate.line import Call
from agentboard.cli.simulate.session import Session

_COUNTER = itertools.count(1)
_KINDS = {
    "tried": "Raised the timeout and ran it again.",
    "failed": "The error stays the same without the cache.",
    "decision": "Keeping the old format, because readers depend on it.",
    "note": "The cause is upstream of the parser.\nMore when it is measured.",
}


def comment(session: Session) -> None:
    """Write to the log under the lease. What the board confirms has to be found there for good."""
    task, token = _one_held(session)
    kind = session.dice.choice(sorted(_KINDS))
    text = f"{session.tag} {next(_COUNTER)}: {_KINDS[kind]}"
    session.ledger.send(session.name, task, kind, text)
    body = {"text": text, "kind": kind, "lease": token}
    reply = session.ask(Call("comment", "POST", f"/tasks/{task}/comments", body=body, expected=(201, 409)))
    if reply.status == 409:
        claiming.lose(session, task, token)
        return
    session.ledger.confirm(session.name, task, reply.body["id"], kind, text)
    session.member.comments += 1


def heartbeat(session: Session) -> None:
    """Say that it is alive, and no more."""
    body = {"status": "working", "note": "thinking"}
    session.ask(Call("heartbeat", "POST", f"/agents/{session.name}/heartbeat", body=body))


def read_log(session: Session) -> None:
    """Read what it wrote."""
    task, _ = _one_held(session)
    reading.own_log(session, task)


def look_at_the_task(session: Session) -> None:
    """Read the task, which names this agent as its holder."""
    task, token = _one_held(session)
    holder = session.ask(Call("show", "GET", f"/tasks/{task}")).body.get("holder")
    if not holder or holder["agent"] != session.name:
        claiming.lose(session, task, token)


def ask_for_more(session: Session) -> None:
    """Ask for one more task."""
    claiming.ask_for_work(session)


def pick_another(session: Session) -> None:
    """Claim a task of its own choice."""
    claiming.pick_one(session)


def act(session: Session) -> None:
    """Do one of those that can be done now, drawn by weight."""
    possible = [(behaviour, weight) for behaviour, weight, needs in _TABLE if needs(session)]
    behaviours, weights = zip(*possible, strict=True)
    [chosen] = session.dice.choices(behaviours, weights)
    session.member.state = chosen.__name__.replace("_", " ")
    chosen(session)


def _holds_something(session: Session) -> bool:
    return bool(session.held)


def _has_room(session: Session) -> bool:
    return session.has_room


def _finishes_something(session: Session) -> bool:
    return session.drains and bool(session.held)


_TABLE: list[tuple[Callable[[Session], None], int, Callable[[Session], bool]]] = [
    (comment, 10, _holds_something),
    (heartbeat, 2, lambda session: True),
    (read_log, 2, _holds_something),
    (look_at_the_task, 2, _holds_something),
    (ask_for_more, 2, _has_room),
    (pick_another, 2, _has_room),
    (finishing.submit, 20, _finishes_something),
    (finishing.judge, 5, lambda session: session.drains),
]


def _one_held(session: Session) -> tuple[str, int]:
    task, token = session.dice.choice(sorted(session.held.items()))
    session.member.task = task
    return task, token
