"""The team: gathers its members on the board, has them play at once, and knows when it is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent import futures

from agentboard.cli import connection, exits
from agentboard.cli.simulate import audit
from agentboard.cli.simulate.ledger import Hold, Ledger
from agentboard.cli.simulate.life import Life
from agentboard.cli.simulate.members import Member
from agentboard.cli.simulate.plan import Plan
from agentboard.cli.simulate.timings import Timings

# Seconds between two looks at how far the team is.
LOOK_EVERY = 0.25


class Team:
    """A plan and the agents that play it; `seconds` is how long they have been at it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ledger = Ledger(plan.tag)
        self.timings = Timings()
        self.members = [Member(name) for name in plan.names]
        self.seconds = 0.0
        self._stop = threading.Event()

    def gather(self) -> None:
        """Register the members, set their limits, and note what they hold from before. Raises Failure."""
        for member in self.members:
            board = connection.Connection(self.plan.caller(member.name))
            try:
                member.limit = self._register(board, member.name)
                for packet in board.get("/tasks/active").body["tasks"]:
                    self.ledger.give(packet["task"]["id"], Hold(member.name, packet["lease"]["token"]))
            finally:
                board.close()

    def play(self, look: Callable[[Team], None]) -> None:
        """Have everybody live at once until it is over, calling `look` now and then; Ctrl-C ends it as well."""
        lives = self._lives(self.timings)
        with futures.ThreadPoolExecutor(len(lives)) as threads:
            began = time.monotonic()
            running = [threads.submit(life.live) for life in lives]
            try:
                while not self._is_over() and not any(one.done() for one in running):
                    time.sleep(LOOK_EVERY)
                    self.seconds = time.monotonic() - began
                    look(self)
            except KeyboardInterrupt:
                pass
            finally:
                self._stop.set()
        self.seconds = time.monotonic() - began
        look(self)
        for one in running:
            one.result()

    def audit(self) -> None:
        """When all is over, hold what the board shows against everything it has confirmed."""
        audit.everything(self._lives(Timings()), self.ledger)

    def _lives(self, timings: Timings) -> list[Life]:
        return [
            Life(member, plan=self.plan, ledger=self.ledger, timings=timings, stop=self._stop)
            for member in self.members
        ]

    def _register(self, board: connection.Connection, name: str) -> int:
        try:
            agent = board.post("/agents", {"name": name}).body
        except exits.Failure as failure:
            if failure.exit_code != exits.REFUSED:
                raise
            agent = board.get(f"/agents/{name}").body
        if self.plan.wip is not None:
            agent = board.patch(f"/agents/{name}", {"wip_limit": self.plan.wip}).body
        return int(agent["wip_limit"])

    def _is_over(self) -> bool:
        if self.plan.seconds is not None:
            return self.seconds >= self.plan.seconds
        return all(member.settled for member in self.members)
