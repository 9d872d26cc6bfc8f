"""One session of an agent: its line to the board, what it decides by, and that it may die at any moment.

What a session does with its line is said elsewhere: `claiming` gets work, `reading` checks what is written, and
`behaviours` are the things an agent does with a task.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass

from agentboard.cli.simulate.ledger import Ledger
from agentboard.cli.simulate.line import Call, CutOff, Line, Reply
from agentboard.cli.simulate.members import Member

# Seconds after which a session that dies during a call is gone at the latest.
LONGEST_HANG_UP = 0.02


class Died(Exception):
    """The session has ended without a word."""


@dataclass
class Session:
    """A session of `member`, which stops working when `stop` is set; `tag` begins the text of its comments. One that
    `drains` the board finishes its tasks."""

    member: Member
    line: Line
    ledger: Ledger
    dice: random.Random
    stop: threading.Event
    tag: str
    drains: bool = False
    doomed: bool = False

    @property
    def name(self) -> str:
        """Who this is."""
        return self.member.name

    @property
    def held(self) -> dict[str, int]:
        """The tasks this agent knows it holds, with their tokens."""
        return self.ledger.held_by(self.name)

    @property
    def has_room(self) -> bool:
        """Whether the agent may hold one more."""
        return len(self.held) < self.member.limit

    def ask(self, call: Call) -> Reply:
        """Make the call; the answer is one of those that the call expects.

        Raises Died if the session's time has come, and CutOff if the board did not answer, or not as it should.
        """
        if self.doomed:
            self.line.hang_up_during(call, after=self.dice.uniform(0.001, LONGEST_HANG_UP))
            raise Died
        reply = self.line.send(call)
        if reply.status not in call.expected:
            what = reply.body.get("detail", "")
            self.ledger.violate(
                f"{self.name}: {call.method} {call.path} was answered {reply.status} {what}".rstrip()
            )
            raise CutOff(call.name)
        return reply

    def rest(self, *, pace: float, death_rate: float) -> None:
        """Pause for `pace` seconds on average, and die with a chance of `death_rate`: now, or during the next call."""
        fate = self.dice.random()
        if fate < death_rate / 2:
            raise Died
        self.doomed = fate < death_rate
        self.stop.wait(self.dice.uniform(0, 2 * pace))
