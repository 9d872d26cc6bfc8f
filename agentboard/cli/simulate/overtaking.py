"""Dependencies in the histories of tasks: whether one was given out before what it waits for was finished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agentboard.cli.simulate import history

_Event = dict[str, Any]


def flaws(
    task: str,
    blockers: Iterable[str],
    stories: Mapping[str, list[_Event]],
    *,
    finished: Mapping[str, str | None],
) -> Iterator[str]:
    """Every claim of the task that came before one of its `blockers` was finished.

    `stories` has the histories of all of them. An event is numbered once it is there to be seen, and a claim can only
    see a finish that is there, so the numbers tell which came first. `finished` says how those were finished that were
    seen to be: of a task that came in finished from an import the history tells nothing.
    """
    claims = [event for event in stories[task] if event["kind"] == history.CLAIMED]
    for blocker in blockers:
        turns = [(event["seq"], event["kind"]) for event in stories[blocker] if event["kind"] in _TURNS]
        for claim in claims:
            earlier = [kind for number, kind in turns if number < claim["seq"]]
            over = earlier[-1] in history.FINISHING if earlier else finished.get(blocker) == "import"
            if not over:
                yield f"{task} was given to {claim['by']} before {blocker}, which it waits for, was finished"


_TURNS = history.FINISHING | {history.REOPENED}
