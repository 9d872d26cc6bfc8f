"""The audit: when all is over, what the board shows against everything it has confirmed to anybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent import futures

from agentboard.cli.simulate import claiming, history, reading
from agentboard.cli.simulate.ledger import Ledger
from agentboard.cli.simulate.life import Life
from agentboard.cli.simulate.line import Call, CutOff
from agentboard.cli.simulate.session import Session

# Seconds before it is tried once more, should the board be away just then.
PAUSES = (0.5, 2.0)

_Check = Callable[[Session], None]


def everything(lives: list[Life], ledger: Ledger) -> None:
    """Every agent, come back cold, still holds what it knows and finds what it wrote; every history is in order."""
    with futures.ThreadPoolExecutor(len(lives)) as threads:
        for one in [threads.submit(_in_session, life, _own) for life in lives]:
            one.result()
        tasks = sorted(ledger.claims)
        shares = [(life, tasks[at :: len(lives)]) for at, life in enumerate(lives)]
        for one in [threads.submit(_in_session, life, _histories(share)) for life, share in shares]:
            one.result()
    _in_session(lives[0], _one_holder_each)


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


def _histories(tasks: Iterable[str]) -> _Check:
    def check(session: Session) -> None:
        for task in tasks:
            confirmed = session.ledger.claims[task]
            for flaw in history.flaws(task, reading.events(session, task), confirmed):
                session.ledger.violate(flaw)

    return check


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
