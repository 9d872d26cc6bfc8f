"""Asking a human: what a task wants a person to decide, and what counts as the answer.

The question stands in the task's row until a human comments on the task, judges it, amends its criteria or moves it.
Agents answer nothing; but a finished task asks nothing, and one that has found its reviewer does not ask for one.
"""

from __future__ import annotations

from datetime import datetime

from tasks.domain import events
from tasks.models import Agent, Task

FOR_A_REVIEWER = "Nobody is there to review it: judge it, or name a reviewer."


def about_rejections(number: int) -> str:
    """The question after so many rejections."""
    return f"Rejected {number} times; is it the right task, with the right criteria?"


def about_silence(number: int) -> str:
    """The question after so many holders in a row that went silent."""
    return f"Taken back {number} times in a row; is it the right task, and can it be done?"


def left(question: str, *, by: Agent | None) -> str:
    """What is still asked when `by` has ended the review; the search for a reviewer is over then."""
    return "" if question == FOR_A_REVIEWER or is_human(by) else question


def answer(task_id: int, *, by: Agent, now: datetime) -> None:
    """Take a human's word on the task as the answer, within the caller's transaction; of an agent's nothing follows."""
    if not is_human(by):
        return
    if Task.objects.filter(pk=task_id).exclude(asks_human="").update(asks_human="", updated_at=now):
        events.record("task.human_answered", now=now, task_id=task_id, by=by)


def is_human(agent: Agent | None) -> bool:
    """Whether it is a person; null is the board itself."""
    return agent is not None and agent.kind == Agent.Kind.HUMAN
