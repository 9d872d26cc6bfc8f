"""Lines: what is said next about a task while the demo runs, from the story, or in general where it says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from agentboard.demo.script import Point, Step
from agentboard.demo.story import Story

WORKER = "worker"
REVIEWER = "reviewer"
_NAMED = re.compile(r"\{([a-z0-9-]+)\}")
_NOW = timedelta()
# For a task that somebody has written down while the demo runs, and for whatever the story did not foresee.
_IN_GENERAL = (
    Step(_NOW, WORKER, "note", "Read it, and what was said so far. Beginning with the first criterion."),
    Step(_NOW, WORKER, "tried", "The obvious way first; it works for the usual case. Now the edges."),
    Step(_NOW, WORKER, "submit", "Done as the criteria say, nothing besides"),
    Step(_NOW, REVIEWER, "approve", "Does what it says."),
)
_EVIDENCE = "Tried it by hand and with a test, both in the branch"
_NOTE = "Did what the evidence says, with the same result"


class Lines:
    """Where everybody is in the scripts. `refs` is the id of each task of the story by its key."""

    def __init__(self, story: Story, refs: Mapping[str, str]) -> None:
        self._refs = refs
        self._scripts = {work.title: work.live for work in (*story.works, *story.chores) if work.live}
        self._places: dict[str, int] = {}

    def next(self, task: Mapping[str, Any], *, who: str) -> Step:
        """What the worker or the reviewer of a task says next; it is taken as said.

        `task` is as the board shows it. Every one of its criteria is spoken to where that is needed.
        """
        script = self._scripts.get(task["title"], _IN_GENERAL)
        step, place = _find(script, self._places.get(task["id"], 0), who)
        self._places[task["id"]] = place
        points = tuple(self._point(step, one["id"]) for one in task["done_criteria"])
        return Step(_NOW, who, step.verb, self._said(step.text), points, step.facts)

    def forget(self, task_id: str) -> None:
        """A task is over; whoever takes it again begins at its first line."""
        self._places.pop(task_id, None)

    def _point(self, step: Step, number: int) -> Point:
        for point in step.points:
            if point.number == number:
                return Point(number, point.met, self._said(point.text))
        return Point(number, True, _EVIDENCE if step.verb == "submit" else _NOTE)

    def _said(self, text: str) -> str:
        return _NAMED.sub(lambda named: self._refs.get(named[1], named[1]), text)


def _find(script: Sequence[Step], place: int, who: str) -> tuple[Step, int]:
    """The next step of who, from a place in the script on, and the place after it; in general if there is none."""
    for steps, start in ((script, place), (_IN_GENERAL, 0)):
        for at in range(start, len(steps)):
            if steps[at].who == who:
                return steps[at], at + 1
    raise AssertionError(f"nobody is called {who}")
