"""The life of an agent: one session after another, each of which may die and knows nothing of the one before it."""

from __future__ import annotations

import threading

from agentboard.cli.simulate import behaviours, claiming, finishing, reading
from agentboard.cli.simulate.ledger import Ledger
from agentboard.cli.simulate.line import CutOff, Line
from agentboard.cli.simulate.members import Member
from agentboard.cli.simulate.plan import Plan
from agentboard.cli.simulate.session import Died, Session
from agentboard.cli.simulate.timings import Timings

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 1.5  # seconds
# An agent that has nothing to do and to judge looks again after so many seconds.
IDLE = 0.25
# An agent that comes back reads no more logs than this; the audit at the end reads all.
LOGS = 5


class Life:
    """An agent of the team; `live` takes a thread of its own until `stop` is set."""

    def __init__(
        self, member: Member, *, plan: Plan, ledger: Ledger, timings: Timings, stop: threading.Event
    ) -> None:
        self.member = member
        self._plan, self._ledger, self._timings, self._stop = plan, ledger, timings, stop
        self._dice = plan.dice(member.name)

    def session(self) -> Session:
        """A session that knows nothing; its line has to be closed."""
        line = Line(self._plan.caller(self.member.name), self.member, self._timings)
        plan = self._plan
        return Session(self.member, line, self._ledger, self._dice, self._stop, plan.tag, plan.drains)

    def live(self) -> None:
        """Session after session, with a pause after each that died."""
        while not self._stop.is_set():
            session = self.session()
            try:
                self._work(session)
            except Died:
                self.member.deaths += 1
                self._be_gone("dead")
            except CutOff:
                self.member.cut_off += 1
                self._be_gone("cut off")
            finally:
                session.line.close()
        self.member.state = "finished"

    def _work(self, session: Session) -> None:
        come_back(session)
        while not self._stop.is_set():
            if not session.held or not session.member.settled:
                claiming.ask_for_work(session)
            if session.drains and not session.held:
                self._judge_or_wait(session)
            else:
                behaviours.act(session)
            session.rest(pace=self._plan.pace, death_rate=self._plan.death_rate)

    def _judge_or_wait(self, session: Session) -> None:
        if not finishing.judge_one(session):
            self.member.state = "waiting"
            self._stop.wait(IDLE)

    def _be_gone(self, state: str) -> None:
        self.member.state = state
        self._stop.wait(self._dice.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))


def come_back(session: Session) -> None:
    """Find out what was going on: what the agent holds, its task again, and what it had written."""
    session.member.state = "coming back"
    # A call that was cut off may have done its work in the meantime.
    session.ledger.stir()
    claiming.account(session)
    if session.held:
        claiming.ask_for_work(session)
    held = sorted(session.held)
    for task in session.dice.sample(held, min(LOGS, len(held))):
        reading.own_log(session, task)
