"""The verdicts in a task's history as evidence: nothing done twice, judged by its own worker, or forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from agentboard.cli.simulate import history

_VERDICTS = {"task.approved": "approve", "task.rejected": "reject"}

_Event = dict[str, Any]


@dataclass
class _Story:
    """What is known of a task at some point of its history; `waits` is the submission that waits for a verdict."""

    task: str
    workers: set[str] = field(default_factory=set)
    waits: int | None = None
    finished: bool = False
    submitted: set[tuple[int, str]] = field(default_factory=set)
    judged: set[tuple[int, str, str]] = field(default_factory=set)


def flaws(
    task: str,
    events: Iterable[_Event],
    *,
    submissions: Iterable[tuple[int, str]],
    reviews: Iterable[tuple[int, str, str]],
) -> Iterator[str]:
    """What is wrong with how a task was handed in, judged and finished.

    `submissions` (number, agent) and `reviews` (number, agent, verdict) are those that were confirmed to the team.
    """
    story = _Story(task)
    for event in events:
        yield from _told(story, event)
    for number, agent in submissions:
        if (number, agent) not in story.submitted:
            yield f"submission {number} of {task} was confirmed to {agent}, and its history does not say so"
    for number, agent, verdict in reviews:
        if (number, agent, verdict) not in story.judged:
            yield f"{agent}'s {verdict} of {task} was confirmed, and its history does not say so"


def is_finished(events: Iterable[_Event]) -> bool:
    """Whether the history ends with the task finished."""
    finished = False
    for event in events:
        finished = event["kind"] in history.FINISHING or (finished and event["kind"] != history.REOPENED)
    return finished


def _told(story: _Story, event: _Event) -> Iterator[str]:
    kind, by = event["kind"], event["by"]
    if kind == history.CLAIMED:
        story.workers.add(by)
        if story.finished:
            yield f"{story.task} was given to {by} after it was finished"
    elif kind == "task.submitted":
        story.waits = event["data"]["submission"]
        story.submitted.add((event["data"]["submission"], by))
    elif kind in _VERDICTS:
        yield from _judged(story, event)
    if kind in history.FINISHING:
        if story.finished:
            yield f"{story.task} was finished twice, the second time by {by}"
        story.finished = True
    elif kind == history.REOPENED:
        story.finished = False
    if kind in history.FINISHING or kind in history.VOIDING:
        story.waits = None


def _judged(story: _Story, event: _Event) -> Iterator[str]:
    by, number, verdict = event["by"], event["data"]["submission"], _VERDICTS[event["kind"]]
    if by in story.workers:
        yield f"{story.task} was judged by {by}, who has worked on it"
    if story.waits != number:
        yield f"{story.task} has the verdict of {by} on submission {number}, which did not wait for one"
    story.judged.add((number, by, verdict))
