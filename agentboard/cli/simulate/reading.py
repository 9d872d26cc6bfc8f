"""Reading: what a session reads back from the board, all pages of it."""

from __future__ import annotations

from typing import Any

from agentboard.cli.simulate.line import Call
from agentboard.cli.simulate.session import Session

PAGE = 500


def events(session: Session, task: str) -> list[dict[str, Any]]:
    """The whole history of a task."""
    return _pages(session, "events", task, since=0)


def how_finished(session: Session, task: str) -> str | None:
    """What made the task done, as far as it is done; of one that was done when it was imported no event tells it."""
    via: str | None = session.ask(Call("show", "GET", f"/tasks/{task}")).body.get("done_via")
    return via


def own_log(session: Session, task: str) -> None:
    """Read the task's log for what the agent has written there: all that was confirmed, and nothing twice."""
    first = session.ledger.first_word(session.name, task)
    if first is None:
        return
    log = _pages(session, "comments", task, since=first - 1)
    for what in session.ledger.compare(session.name, task, log):
        session.ledger.violate(what)


def _pages(session: Session, what: str, task: str, *, since: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after: int | None = since
    while after is not None:
        query = {"since": after, "limit": PAGE}
        body = session.ask(Call(what, "GET", f"/tasks/{task}/{what}", query=query)).body
        rows += body[what]
        after = body.get("next_since")
    return rows
