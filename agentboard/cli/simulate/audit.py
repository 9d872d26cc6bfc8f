"""The audit: when all is over, what the board shows against everything it has confirmed to anybody."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent import futures
from typing import Any

from agentboard.cli.simulate import claiming, history, leftovers, overtaking, reading, verdicts
from agentboard.cli.simulate.ledger import Ledger
from agentboard.cli.simulate.life import Life
from agentboard.cli.simulate.line import Call, CutOff
from agentboard.cli.simulate.session import Session

# Seconds before it is tried once more, should the board be away just then.
PAUSES = (0.5, 2.0)

_Check = Callable[[Session], None]
Stories = dict[str, list[dict[str, Any]]]


def everything(lives: list[Life], ledger: Ledger) -> Stories:
    """Every agent, come back cold, still holds what it knows and finds what it wrote; every history is in order.

    Gives the histories of the tasks that were claimed, and of those they waited for.
    """
    _at_once([(life, _own) for life in lives])
    stories: Stories = {}
    tasks = sorted(ledger.claims)
    blockers = {blocker for packet in ledger.packets.values() for blocker in packet["depends_on"]}
    _at_once(_shared(lives, sorted({*tasks, *blockers}), functools.partial(_read, stories=stories)))
    _at_once(_shared(lives, tasks, functools.partial(_compare, stories=stories)))
    _in_session(lives[0], _one_holder_each)
    return stories


def leftovers_of(lives: list[Life], stories: Stories) -> Counter[str]:
    """Why the team could not finish what it has left; what it could have finished is a violation."""
    left: Counter[str] = Counter()
    members = [life.member for life in lives]
    _in_session(lives[0], lambda session: left.update(leftovers.find(session, members, stories)))
    return left


def _at_once(checks: list[tuple[Life, _Check]]) -> None:
    with futures.ThreadPoolExecutor(len(checks)) as threads:
        for one in [threads.submit(_in_session, life, check) for life, check in checks]:
            one.result()


def _shared(
    lives: list[Life], tasks: list[str], check: Callable[[Session, Iterable[str]], None]
) -> list[tuple[Life, _Check]]:
    """The check with its share of the tasks for each life."""
    return [
        (life, functools.partial(_of_share, check, tasks[at :: len(lives)])) for at, life in enumerate(lives)
    ]


def _of_share(
    check: Callable[[Session, Iterable[str]], None], tasks: Iterable[str], session: Session
) -> None:
    check(session, tasks)


def _in_session(life: Life, check: _Check) -> None:
    for pause in (*PAUSES, None):
        session = life.session()
        try:
            check(session)
            return
        except CutOff as away:
            if pause is None:
                session.ledger.violate(f"{session.name} could not be checked at the end: {away}")
                return
            time.sleep(pause)
        finally:
            session.line.close()


def _own(session: Session) -> None:
    claiming.account(session)
    for task in session.ledger.tasks_with_words(session.name):
        reading.own_log(session, task)


def _read(session: Session, tasks: Iterable[str], *, stories: Stories) -> None:
    for task in tasks:
        stories[task] = reading.events(session, task)
        if task not in session.ledger.claims and task not in session.ledger.finished:
            # Whoever was given a task that waits for it has died before it looked.
            session.ledger.finished[task] = reading.how_finished(session, task)


def _compare(session: Session, tasks: Iterable[str], *, stories: Stories) -> None:
    ledger = session.ledger
    for task in tasks:
        if task not in stories:
            # Reading it has failed, which is noted already.
            continue
        blockers = [one for one in ledger.packets.get(task, {}).get("depends_on", ()) if one in stories]
        sent = ledger.handed_in
        for flaw in (
            *history.flaws(task, stories[task], ledger.claims_of(task)),
            *verdicts.flaws(
                task, stories[task], submissions=sent.submissions_of(task), reviews=sent.reviews_of(task)
            ),
            *overtaking.flaws(task, blockers, stories, finished=ledger.finished),
        ):
            ledger.violate(flaw)


def _one_holder_each(session: Session) -> None:
    """No task stands under two agents in the list of all agents."""
    holder: dict[str, str] = {}
    after: str | None = ""
    while after is not None:
        body = session.ask(Call("agents", "GET", "/agents", query={"after": after, "limit": 500})).body
        for agent in body["agents"]:
            for task in agent["holds"]:
                if task in holder:
                    session.ledger.violate(f"{task} is held by {holder[task]} and by {agent['name']}")
                holder[task] = agent["name"]
        after = body.get("next_after")
