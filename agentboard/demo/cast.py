"""The cast: the agents of the story, who go on working over HTTP while the demo runs, at the pace of people.

Each turn somebody does the next small thing: takes a task, writes to its log, hands it in, judges another's. What the
visitor does meanwhile is their news as well: a task that is written down finds its worker, one that is taken away is
let go.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence

from agentboard.cli import connection, exits
from agentboard.cli.callers import Caller
from agentboard.demo import calls, story
from agentboard.demo.lines import REVIEWER, WORKER, Lines

# Seconds between two turns: at least, and at most.
PACE = (2.0, 6.0)
# A sign of life of whoever does not act; one is offline after five minutes without.
HEARTBEAT_SECONDS = 60.0
# Nobody writes down more work than this often.
CHORE_SECONDS = 45.0
MINUTE = 60.0


class Actor:
    """One agent of the story at its line to the board."""

    def __init__(self, member: story.Member, url: str) -> None:
        self.member = member
        self.board = connection.Connection(Caller(url, member.name, ""))
        self._reading: str | None = None

    def act(self, lines: Lines) -> bool:
        """Do the next small thing, and say whether there was any. Raises Failure where the board refuses."""
        held = self.board.get("/tasks/active").body["tasks"]
        if held:
            packet = held[0]
            if packet["handoff"] and packet["handoff"]["readback_needed"]:
                calls.read_back(self.board, packet)
            else:
                calls.work(self.board, packet, lines.next(packet["task"], who=WORKER))
            return True
        return self._review(lines) or self._take()

    def say(self, status: str, note: str = "") -> None:
        """Tell the board how one is."""
        self.board.post(f"/agents/{self.member.name}/heartbeat", {"status": status, "note": note[:200]})

    def write(self, chore: story.Work) -> None:
        """Write a task down."""
        facts = {"description": chore.description, "labels": chore.labels, "project": chore.project}
        body = {"title": chore.title, "done_criteria": chore.criteria, "priority": f"P{chore.priority}"}
        self.board.post("/tasks", body | facts)

    def _review(self, lines: Lines) -> bool:
        """Take a review in one turn and judge it in a later one, as it has to be read in between."""
        packet = self.board.get("/reviews/next").body
        if packet["task"] is None:
            return False
        task = packet["task"]
        if self._reading == task["id"]:
            step = lines.next(task, who=REVIEWER)
            calls.judge(self.board, packet, step)
            self._reading = None
            if step.verb == "approve":
                lines.forget(task["id"])
            self.say("idle")
        else:
            self._reading = task["id"]
            self.say("reviewing", f"{task['id']} {task['title']}")
        return True

    def _take(self) -> bool:
        if self.member.role == "reviewer":
            return False
        task = self.board.get("/tasks/next").body["task"]
        if task is None:
            return False
        self.say("working", f"{task['id']} {task['title']}")
        return True


class Cast:
    """All actors, and whose turn it is. Those who are quiet or gone at first join in when their time has come."""

    def __init__(self, told: story.Story, url: str, *, seed: int = 0) -> None:
        self.told = told
        self.actors = [Actor(member, url) for member in told.team if member.live]
        self.dice = random.Random(seed)
        self.lines = Lines(told, {})
        self._began = time.monotonic()
        self._wrote = self._beat = self._began - max(CHORE_SECONDS, HEARTBEAT_SECONDS)
        self._chores = 0

    def gather(self) -> None:
        """Learn the ids of the tasks of the story. Raises Failure."""
        keys = {work.title: work.key for work in self.told.works}
        board, cursor = self.actors[0].board, None
        refs: dict[str, str] = {}
        while True:
            page = board.get("/tasks", limit=100, cursor=cursor).body
            refs |= {keys[task["title"]]: task["id"] for task in page["tasks"] if task["title"] in keys}
            if not (cursor := page.get("next_cursor")):
                break
        self.lines = Lines(self.told, refs)

    def turn(self) -> None:
        """Have somebody do something; if nobody can, write down something to do."""
        passed = (time.monotonic() - self._began) / MINUTE
        self._keep_alive(passed)
        ready = [one for one in self.actors if one.member.away_for <= passed]
        self.dice.shuffle(ready)
        if not any(_try(one, self.lines) for one in ready):
            self._write_chore(ready)

    def _keep_alive(self, passed: float) -> None:
        """A sign of life of those who work without a word."""
        if time.monotonic() - self._beat < HEARTBEAT_SECONDS:
            return
        self._beat = time.monotonic()
        for one in self.actors:
            if one.member.away_for > passed and one.member.status:
                one.say(one.member.status, one.member.note)

    def _write_chore(self, ready: Sequence[Actor]) -> None:
        if time.monotonic() - self._wrote < CHORE_SECONDS:
            return
        chore = self.told.chores[self._chores % len(self.told.chores)]
        for one in ready:
            if one.member.name == chore.by:
                self._wrote = time.monotonic()
                self._chores += 1
                one.write(chore)


def play(url: str) -> None:
    """Keep the board at this address alive for good. What the board refuses is let go."""
    cast = Cast(story.load(), url)
    known = False
    while True:
        time.sleep(cast.dice.uniform(*PACE))
        try:
            if not known:
                cast.gather()
                known = True
            cast.turn()
        except exits.Failure:
            continue


def _try(actor: Actor, lines: Lines) -> bool:
    try:
        return actor.act(lines)
    except exits.Failure:
        # Somebody was faster, or has taken it away; the next look shows what is true now.
        return False


if __name__ == "__main__":
    play(sys.argv[1])
