"""The team: gathers its members on the board, has them play at once, and knows when it is over."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent import futures

from agentboard.cli import connection, exits
from agentboard.cli.simulate import audit, leftovers
from agentboard.cli.simulate.ledger import Hold, Ledger
from agentboard.cli.simulate.life import Life
from agentboard.cli.simulate.members import Member
from agentboard.cli.simulate.plan import Plan
from agentboard.cli.simulate.timings import Timings

# Seconds between two looks at how far the team is.
LOOK_EVERY = 0.25


class Team:
    """A plan and the agents that play it; `seconds` is how long they have been at it, and `left` why
    they could not finish what a drained board has left, counted."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ledger = Ledger(plan.tag)
        self.timings = Timings()
        self.members = [Member(name) for name in plan.names]
        self.seconds = 0.0
        self.left: Counter[str] = Counter()
        self._interrupted = False
        self._stop = threading.Event()

    def gather(self) -> None:
        """Register the members, set their limits, and note what they hold from before. Raises Failure."""
        for member in self.members:
            board = connection.Connection(self.plan.caller(member.name))
            try:
                self._register(board, member)
                for packet in board.get("/tasks/active").body["tasks"]:
                    self.ledger.packets[packet["task"]["id"]] = packet["task"]
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
                self._interrupted = True
            finally:
                self._stop.set()
        self.seconds = time.monotonic() - began
        look(self)
        for one in running:
            one.result()

    def audit(self) -> None:
        """When all is over, hold what the board shows against everything it has confirmed."""
        lives = self._lives(Timings())
        stories = audit.everything(lives, self.ledger)
        if self.plan.drains and not self._interrupted:
            self.left = audit.leftovers_of(lives, stories)

    def _lives(self, timings: Timings) -> list[Life]:
        return [
            Life(member, plan=self.plan, ledger=self.ledger, timings=timings, stop=self._stop)
            for member in self.members
        ]

    def _register(self, board: connection.Connection, member: Member) -> None:
        name = member.name
        try:
            agent = board.post("/agents", {"name": name}).body
        except exits.Failure as failure:
            if failure.exit_code != exits.REFUSED:
                raise
            agent = board.get(f"/agents/{name}").body
        if self.plan.wip is not None:
            agent = board.patch(f"/agents/{name}", {"wip_limit": self.plan.wip}).body
        member.limit, member.skills = int(agent["wip_limit"]), frozenset(agent["skills"])

    def _is_over(self) -> bool:
        if self.plan.seconds is not None and self.seconds >= self.plan.seconds:
            return True
        if self.plan.drains:
            return self._is_drained()
        return self.plan.seconds is None and all(member.settled for member in self.members)

    def _is_drained(self) -> bool:
        """Nobody finds anything to do or to judge, nor has the board anything of the team's in work."""
        moves = self.ledger.moves
        if not all(member.is_idle(moves) and not self.ledger.held_by(member.name) for member in self.members):
            return False
        board = connection.Connection(self.plan.caller(self.plan.names[0]))
        try:
            rows = board.get("/tasks", status="doing,validating", limit=leftovers.PAGE).body["tasks"]
        except exits.Failure:
            return False
        finally:
            board.close()
        if any(leftovers.concern(row, self.plan.names) for row in rows):
            # A call that was cut off has arrived after all.
            self.ledger.stir()
            return False
        return self.ledger.moves == moves
