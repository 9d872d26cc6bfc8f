"""The ledger: what the board has confirmed to anybody in the team, and every time it did not keep its word.

It knows only what agents were answered, and any thread may write to it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from agentboard.cli.simulate.handed_in import HandedIn


@dataclass(frozen=True)
class Hold:
    """An agent's claim of a task, as the board confirmed it."""

    agent: str
    token: int


@dataclass
class _Words:
    """What one agent wrote to one task: confirmed comments by their id, and all that it sent, as (kind, text)."""

    confirmed: dict[int, tuple[str, str]] = field(default_factory=dict)
    sent: set[tuple[str, str]] = field(default_factory=set)


class Ledger:
    """`tag` begins the text of every comment that the team writes.

    `taken_back` has the leases, as (task, token), that ended in a way which the task's history explains; `packets` what
    each task said when it was given out; `finished` the tasks that were seen to be, with what made them done, if known.
    `moves` counts what may give somebody work: a submission, a verdict, a session that comes back.
    """

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._lock = threading.Lock()
        self._holds: dict[str, Hold] = {}
        self._parting: dict[str, Hold] = {}
        self._words: defaultdict[tuple[str, str], _Words] = defaultdict(_Words)
        self.claims: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self.violations: list[str] = []
        self.taken_back: set[tuple[str, int]] = set()
        self.handed_in = HandedIn()
        self.packets: dict[str, dict[str, Any]] = {}
        self.finished: dict[str, str | None] = {}
        self.moves = 0

    def violate(self, sentence: str) -> None:
        """Note that the board did not keep its word."""
        with self._lock:
            self.violations.append(sentence)

    def stir(self) -> None:
        """Note that there may be something to do again for anybody."""
        with self._lock:
            self.moves += 1

    def held_by(self, agent: str) -> dict[str, int]:
        """The tasks that the agent knows it holds, with their tokens."""
        with self._lock:
            return {task: hold.token for task, hold in self._holds.items() if hold.agent == agent}

    def give(self, task: str, to: Hold) -> Hold | None:
        """Note a confirmed claim. Gives the older one of the task that is still in the ledger, if there is one."""
        with self._lock:
            before = self._holds.get(task)
            if before == to:
                return None
            self.claims[task].append((to.token, to.agent))
            if before and before.token > to.token:
                # News that came late: the task has moved on in the meantime.
                return None
            self._holds[task] = to
            return before

    def drop(self, task: str, hold: Hold) -> None:
        """Note that a holder does not hold the task any more."""
        with self._lock:
            if self._holds.get(task) == hold:
                del self._holds[task]

    def part(self, task: str, hold: Hold) -> None:
        """Note that a holder is about to give the task away: whether the call arrives may never be known."""
        with self._lock:
            self._parting[task] = hold
            self.moves += 1
            if self._holds.get(task) == hold:
                del self._holds[task]

    def was_parting(self, task: str, hold: Hold) -> bool:
        """Whether this holder was giving the task away, so that it may hold it still."""
        with self._lock:
            return self._parting.get(task) == hold

    def has_parted(self, task: str) -> None:
        """Note that the board has confirmed it: whoever gave the task away holds it no more."""
        with self._lock:
            self._parting.pop(task, None)

    def claims_of(self, task: str) -> list[tuple[int, str]]:
        """All claims of the task that were confirmed, as (token, agent)."""
        with self._lock:
            return list(self.claims.get(task, ()))

    def send(self, agent: str, task: str, kind: str, text: str) -> None:
        """Note a comment that is about to be sent: whether it arrives may never be known."""
        with self._lock:
            self._words[agent, task].sent.add((kind, text))

    def confirm(self, agent: str, task: str, comment_id: int, kind: str, text: str) -> None:
        """Note a comment that the board has confirmed."""
        with self._lock:
            self._words[agent, task].confirmed[comment_id] = (kind, text)

    def first_word(self, agent: str, task: str) -> int | None:
        """The id of the agent's first confirmed comment on the task, if there is one."""
        with self._lock:
            return min(self._words[agent, task].confirmed, default=None)

    def tasks_with_words(self, agent: str) -> list[str]:
        """The tasks to which the agent has written something that was confirmed."""
        with self._lock:
            return sorted(
                task for (who, task), words in self._words.items() if who == agent and words.confirmed
            )

    def compare(self, agent: str, task: str, log: list[dict[str, Any]]) -> list[str]:
        """What is wrong with the agent's part of the task's log, read from its first confirmed comment on.

        Comments that were confirmed are there as they were written; others are whole, and nothing is there twice.
        """
        with self._lock:
            words = self._words[agent, task]
            confirmed, sent = dict(words.confirmed), set(words.sent)
        mine = {
            entry["id"]: (entry["kind"], entry["text"])
            for entry in log
            if entry["by"] == agent and entry["text"].startswith(self._tag)
        }
        lost = [f"comment {one} was confirmed and is not there" for one in sorted(set(confirmed) - set(mine))]
        lost += [
            f"comment {one} was confirmed and reads otherwise"
            for one, words_of_it in confirmed.items()
            if mine.get(one, words_of_it) != words_of_it
        ]
        lost += [f"comment {one} is not what was sent" for one, text in mine.items() if text not in sent]
        if len(set(mine.values())) < len(mine):
            lost.append("a comment is there twice")
        return [f"{task}, written by {agent}: {what}" for what in lost]
