"""Leftovers: what is unfinished when a team has drained a board, and whether that is anybody's fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from agentboard.cli.simulate import verdicts
from agentboard.cli.simulate.ledger import Ledger
from agentboard.cli.simulate.line import Call
from agentboard.cli.simulate.members import Member
from agentboard.cli.simulate.session import Session

PAGE = 200
# More unfinished tasks than this are not looked at.
MOST = 2000
UNFINISHED = "todo,doing,validating,blocked"

_Task = dict[str, Any]


def find(
    session: Session, members: Collection[Member], stories: Mapping[str, list[dict[str, Any]]]
) -> Counter[str]:
    """Why the team could not finish what it has left behind, counted; what it could have is a violation, and so is
    what is not left although its history (in `stories`) does not finish it."""
    left: Counter[str] = Counter()
    rows = list(_unfinished(session))
    unfinished = {row["id"] for row in rows}
    for row in rows[:MOST]:
        why = _why(session, row, unfinished=unfinished, members=members)
        if why is None:
            session.ledger.violate(f"{row['id']} was not finished, and is left {row['status']}")
        else:
            left[why] += 1
    for task in sorted(session.ledger.claims):
        if task not in unfinished and not verdicts.is_finished(stories.get(task, ())):
            session.ledger.violate(f"{task} is finished, and its history does not say so")
    if len(rows) > MOST:
        left["were not looked at"] += len(rows) - MOST
    return left


def concern(row: _Task, names: Collection[str]) -> bool:
    """Whether a task in a list is now in the hands of the team."""
    if row["status"] == "doing":
        return row["assignee"] in names
    return row["status"] == "validating" and (row["reviewer"] is None or row["reviewer"] in names)


def _unfinished(session: Session) -> Iterator[_Task]:
    query: dict[str, Any] = {"status": UNFINISHED, "limit": PAGE}
    seen = 0
    while True:
        body = session.ask(Call("tasks", "GET", "/tasks", query=query)).body
        yield from body["tasks"]
        seen += len(body["tasks"])
        if not body.get("next_cursor") or seen > MOST:
            return
        query["cursor"] = body["next_cursor"]


def _why(
    session: Session, row: _Task, *, unfinished: Collection[str], members: Collection[Member]
) -> str | None:
    names = [member.name for member in members]
    if row["status"] == "blocked":
        return "are blocked"
    if row["status"] != "todo":
        if not concern(row, names):
            return "are held or judged by others"
        return "have been worked on by all" if _worked_on_by_all(session.ledger, row, names) else None
    if row["assignee"] and row["assignee"] not in names:
        return "are reserved for others"
    task = session.ask(Call("show", "GET", f"/tasks/{row['id']}")).body
    if not task["done_criteria"]:
        return "have no done criteria"
    if set(task["depends_on"]) & set(unfinished):
        return "wait for others"
    if task["not_before"] and not task["ready"]:
        return "are not to be begun yet"
    able = [one for one in members if set(task["skills"]) <= one.skills and one.name != task["reviewer"]]
    return None if able else "are for other agents"


def _worked_on_by_all(ledger: Ledger, row: _Task, names: Collection[str]) -> bool:
    workers = {agent for _, agent in ledger.claims_of(row["id"])}
    return row["status"] == "validating" and set(names) <= workers
