"""The history of a task as evidence: who held it, under which lease, and what ended that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

CLAIMED = "task.claimed"
# What ends a lease. Only these explain that a task has left its holder.
ENDINGS = frozenset(
    {
        "task.submitted", "task.handed_off", "task.blocked", "task.released", "task.reclaimed", "task.given_up",
        "task.cancelled", "task.overridden", "task.criteria_amended",
    }
)  # fmt: skip
FINISHING = frozenset({"task.approved", "task.overridden", "task.cancelled"})
REOPENED = "task.reopened"
# What leaves no submission waiting for a verdict, besides what finishes a task.
VOIDING = frozenset({"task.rejected", "task.criteria_amended"})

_Event = dict[str, Any]


def ended(events: Iterable[_Event], token: int) -> str | None:
    """What ended the lease of this token (`task.released by olga`); None if nothing did."""
    held = False
    for event in events:
        if event["kind"] == CLAIMED:
            held = event["data"].get("token") == token
        elif held and event["kind"] in ENDINGS:
            return f"{event['kind']} by {event['by']}"
    return None


def waits(events: Iterable[_Event], submission: int, *, reviewer: str) -> bool:
    """Whether this submission waits for a verdict, and nobody else has been given it since."""
    waiting = False
    for event in events:
        if event["kind"] == "task.submitted":
            waiting = event["data"]["submission"] == submission
        elif event["kind"] in FINISHING or event["kind"] in VOIDING:
            waiting = False
        elif event["kind"] == "task.review_taken":
            waiting = waiting and event["by"] == reviewer
    return waiting


def rejected(events: Iterable[_Event]) -> int | None:
    """The number of the submission whose rejection nobody has answered yet, if there is one."""
    number: int | None = None
    for event in events:
        if event["kind"] == "task.rejected":
            number = event["data"]["submission"]
        elif event["kind"] in ("task.submitted", "task.criteria_amended", REOPENED):
            number = None
    return number


def flaws(task: str, events: Iterable[_Event], claims: Iterable[tuple[int, str]]) -> Iterator[str]:
    """What is wrong with a task's history: two holders at once, a token that did not grow, or a missing claim.

    `claims` are those that the board has confirmed to the team, as (token, agent).
    """
    holder, newest, told = None, -1, set()
    for event in events:
        if event["kind"] in ENDINGS:
            holder = None
        elif event["kind"] == CLAIMED:
            token, agent = event["data"]["token"], event["by"]
            if holder is not None:
                yield f"{task} was given to {agent} while {holder} held it"
            if token <= newest:
                yield f"{task} was given out under token {token} after token {newest}"
            holder, newest = agent, token
            told.add((token, agent))
    for token, agent in claims:
        if (token, agent) not in told:
            yield f"{task} was confirmed to {agent} under token {token}, and its history does not say so"
