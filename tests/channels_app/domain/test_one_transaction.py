"""A move and what is said about it are one transaction: whichever write fails, there are both or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from channels_app.domain import messages
from channels_app.models import Channel, Message, Notice
from tasks.domain import agents, authoring, blocks, claims, comments, handoffs, reviews, submissions
from tasks.models import Event, Review, Task
from tests.conftest import NOW
from tests.tasks.api.conftest import everything

WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


class Failed(Exception):
    """The power went, so to speak, after this many writes."""


@pytest.fixture
def board(own_board: str) -> Iterator[Task]:
    """A task that ada holds and rita reviews, on a board where every commit is real."""
    for name in ("ada", "bob", "rita", "zoe"):
        agents.register(name, now=NOW, last_seen_at=NOW)
    ada, olga = agents.find("ada"), agents.register("olga", now=NOW)
    (task,) = authoring.write(
        [authoring.Draft("t", done_criteria=["a", "b"], reviewer="rita")], by=olga, now=NOW
    ).tasks
    claims.claim(task, by=ada, now=NOW)
    return task


def _submit(task: Task) -> None:
    handed_in = submissions.HandIn("Done, @bob", [(1, "e"), (2, "e")])
    submissions.submit(task, handed_in, by=agents.find("ada"), lease=1, now=NOW)


def _judge(task: Task, verdict: str) -> None:
    findings = [reviews.Finding(1, True, "n"), reviews.Finding(2, verdict == "approve", "n")]
    judged = Review.Judgement(verdict)
    rita = agents.find("rita")
    reviews.judge(task, by=rita, submission=1, verdict=judged, findings=findings, comment="@bob", now=NOW)


def _block(task: Task) -> None:
    blocks.block(task, blocks.Obstacle("no key", "it, @bob"), by=agents.find("ada"), lease=1, now=NOW)


def _hand_off(task: Task) -> None:
    words = handoffs.Words("half", "ask @bob", "none")
    handoffs.hand_off(task, words, to=agents.find("zoe"), by=agents.find("ada"), lease=1, now=NOW)


def _unblock(task: Task) -> None:
    blocks.unblock(task, by=agents.find("bob"), resolution="Here it is", now=NOW)


def _post(task: Task) -> None:
    messages.post(Channel.objects.get(name="general"), "Look, @bob", by=agents.find("ada"), now=NOW)


def _comment(task: Task) -> None:
    comments.write(task, by=agents.find("ada"), text="Look, @bob", kind="note", lease=1, now=NOW)


# What is done, and whether a message and how many notices come with it.
CHANGES: dict[str, tuple[Callable[[Task], None], list[Callable[[Task], None]], int, int]] = {
    "submit": (_submit, [], 1, 2),
    "approve": (lambda task: _judge(task, "approve"), [_submit], 1, 1),
    "reject": (lambda task: _judge(task, "reject"), [_submit], 1, 2),
    "block": (_block, [], 1, 1),
    "unblock": (_unblock, [_block], 0, 1),
    "handoff": (_hand_off, [], 1, 2),
    "comment": (_comment, [], 0, 1),
    "post": (_post, [], 1, 1),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whichever_write_fails_nothing_of_it_is_there_and_it_can_be_done_again(board: Task, name: str):
    change, before, said, told = CHANGES[name]
    for step in before:
        step(board)
    there = everything()
    messages_then, notices_then = Message.objects.count(), Notice.objects.count()

    writes = 0
    for writes in range(1, 100):
        try:
            with connection.execute_wrapper(_Failing(after=writes)):
                change(board)
            break
        except Failed:
            assert everything() == there, f"something was left by write {writes}"

    assert writes > 3 + said
    assert Message.objects.count() == messages_then + said
    assert Notice.objects.count() == notices_then + told
    assert Event.objects.count() > len(there["tasks_event"])


class _Failing:
    """Fails once that many writes were made, after the last of them."""

    def __init__(self, *, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        done = execute(sql, parameters, many, context)
        if sql.lstrip().upper().startswith(WRITES):
            self.left -= 1
            if self.left == 0:
                raise Failed
        return done
