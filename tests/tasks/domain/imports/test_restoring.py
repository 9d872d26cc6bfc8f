"""An export read back: without a difference, into an empty board only, and only a whole and unchanged file."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tasks.domain import (
    agents,
    authoring,
    blocks,
    claims,
    closing,
    comments,
    deliveries,
    digests,
    handoffs,
    reviews,
    sequence,
    submissions,
    webhooks,
)
from tasks.domain.imports import beads, restoring
from tasks.models import Agent, Comment, Event, Project, Review, Status, Task
from tasks.queries import exports, search
from tests import real_board
from tests.tasks import board_rows, invariants, states

pytestmark = pytest.mark.xdist_group("restoring")  # what they share is made once
MESSY = Path(__file__).with_name("messy.jsonl")


NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def exported(
    board_template: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> tuple[bytes, board_rows.Rows]:
    """The export and the rows of a board with something of everything on it."""
    directory = tmp_path_factory.mktemp("exported")
    with django_db_blocker.unblock(), real_board.copy(board_template, directory):
        _live()
        return b"".join(exports.lines()), board_rows.read()


def _live() -> None:
    """Tasks in every state, imported ones, and everything that comes with them."""
    with MESSY.open("rb") as stream:
        beads.take(stream, now=NOW, default_criteria=["It works"])
    ada = agents.register("ada", now=NOW, skills=["sql", "go"], wip_limit=9, last_seen_at=NOW)
    bob, olga = agents.register("bob", now=NOW), agents.register("olga", now=NOW, kind="human")
    agents.heartbeat(bob, status="idle", note="at « lunch »", now=LATER)
    for status in Status:
        placed = {"reviewer": "rita", "labels": ["x", "ä"], "skills": ["sql"], "project": "shop"}
        one = _write(olga, f"a task that is {status}", **placed)
        with transaction.atomic():
            states.reach(one, status, worker=ada, now=NOW)
        comments.write(one, by=bob, text="Looked at it\nand « left » it", kind="tried", lease=None, now=LATER)
    _pass_on(ada, bob, olga)
    closing.override(_write(olga, "no longer needed"), by=olga, reason="the client has gone", now=LATER)
    digests.post(now=LATER)
    _write(olga, "held", priority=0)
    claims.next_task("bob", now=LATER)
    waiting = _write(olga, "waiting", depends_on=[one.ref], due_at=LATER, stale_after=60, assignee="bob")
    numbers = [1.0, -0.0, 1e16, 1e20, 0.1, 1e-7, 12345678901234567890]
    Task.objects.filter(pk=waiting.pk).update(origin={"z": 1, "a": {"list": numbers, "é": None}})
    # The order of numbers is not that of ids: the last event was the first to be committed.
    Event.objects.filter(pk=Event.objects.latest("pk").pk, seq=None).update(seq=1)
    sequence.catch_up()
    webhooks.create("https://hooks.example/", by=olga, now=LATER)
    deliveries.gather(now=LATER)


def _pass_on(ada: Agent, bob: Agent, olga: Agent) -> None:
    """A task that was handed off, read back, blocked on another and unblocked."""
    first, task = _write(olga, "first"), _write(olga, "passed on")
    claims.claim(task, by=ada, now=NOW)
    handoffs.hand_off(task, handoffs.Words("a", "b", "c"), to=bob, by=ada, lease=1, now=NOW)
    claims.claim(task, by=bob, now=NOW)
    handoffs.read_back(task, 1, text="d", by=bob, lease=2, now=NOW)
    stop = blocks.Obstacle("No schema", "The schema", [first.ref])
    blocks.block(task, stop, by=bob, lease=2, now=NOW)
    blocks.unblock(task, by=olga, resolution="Do without", now=LATER)
    closing.cancel(task, by=olga, reason="Not needed", now=LATER)


def _write(by: Agent, title: str, **draft: Any) -> Task:
    return authoring.write(
        [authoring.Draft(title, done_criteria=["It works"], **draft)], by=by, now=NOW
    ).tasks[0]


def _judge(task: Task) -> None:
    bob, olga = Agent.objects.get(name="bob"), Agent.objects.get(name="olga")
    submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=bob, lease=task.lease_token, now=LATER)
    findings, judged = [reviews.Finding(1, False, "no")], Review.Judgement.REJECT
    reviews.judge(task, by=olga, submission=1, verdict=judged, findings=findings, comment="", now=LATER)


@pytest.fixture
def export(exported: tuple[bytes, board_rows.Rows], db: None) -> bytes:
    """The export; the test's own board is empty."""
    return exported[0]


def restore(content: bytes, **options: Any) -> int:
    return restoring.take(io.BytesIO(content), **options)


def test_a_restored_board_is_the_board_that_was_exported(export, exported):
    rows = exported[1]
    assert restore(export) == export.count(b"\n") - 2 == sum(len(ids) for ids in rows.values())
    assert board_rows.read() == rows
    assert b"".join(exports.lines()) == export
    assert invariants.broken() == []
    assert all(rows[model.__name__] for model in exports.MODELS)


def test_a_restored_board_can_be_worked_with(export):
    restore(export)
    newest = {model: model._default_manager.latest("pk").pk for model in exports.MODELS}
    found = search.matching(Task.objects.order_by("pk"), "blocked")
    assert [one.title for one in found] == ["a task that is blocked"]
    (held,) = claims.next_task("bob", now=LATER).task_ids
    assert Task.objects.get(pk=held).title == "held"
    new = _write(Agent.objects.get(name="olga"), "new", labels=["x"], project="new", depends_on=[f"T-{held}"])
    assert new.pk == newest[Task] + 1
    assert claims.next_task("zoe", now=LATER).task_ids
    _judge(Task.objects.get(pk=held))
    closing.override(new, by=Agent.objects.get(name="olga"), reason="r", now=LATER)
    _pass_on(*(Agent.objects.get(name=name) for name in ("ada", "bob", "olga")))
    digests.post(now=LATER + timedelta(days=1))
    webhooks.create("https://hooks.example/", by=Agent.objects.get(name="olga"), now=LATER)
    deliveries.gather(now=LATER)
    assert all(
        model._default_manager.latest("pk").pk > pk for model, pk in newest.items() if model is not Comment
    )
    assert invariants.broken() == []


def test_a_board_that_nobody_has_used_is_exported_and_read_back(db):
    content = b"".join(exports.lines())
    before = board_rows.read()
    assert restore(content) == 1
    assert board_rows.read() == before


@pytest.mark.parametrize("what", ["task", "agent", "project"])
def test_a_board_with_anything_on_it_is_left_alone(export, what):
    if what == "project":
        Project.objects.create(name="shop", created_at=NOW)
    else:
        agent = Agent.objects.create(name="zed", created_at=NOW)
    if what == "task":
        authoring.write([authoring.Draft("mine")], by=agent, now=NOW)
    before = board_rows.read()
    with pytest.raises(restoring.NotEmpty, match=f"not empty: it holds .*1 {what}"):
        restore(export)
    assert board_rows.read() == before


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def sealed(rows: list[dict[str, Any]]) -> bytes:
    """These lines with a last line that fits them, as nothing but an export would have it."""
    body = b"".join(exports.encode(row) for row in rows)
    return body + exports.encode(exports.trailer(len(rows) - 1, hashlib.sha256(body).hexdigest()))


def changed(number: int, **values: Any) -> Callable[[bytes], bytes]:
    """The export with columns of one row changed (... takes one out), sealed again."""

    def change(content: bytes) -> bytes:
        rows = lines(content)[:-1]
        whole = rows[number - 1] | values
        rows[number - 1] = {name: value for name, value in whole.items() if value is not ...}
        return sealed(rows)

    return change


def cut(first: int, last: int | None = None) -> Callable[[bytes], bytes]:
    """The export without the lines from `first` (0: the first one) to before `last`."""

    def change(content: bytes) -> bytes:
        every = content.splitlines(keepends=True)
        return b"".join(every[:first] + (every[last:] if last else []))

    return change


OTHER_ROWS = r"line \d+: it speaks of other rows"
CUT_OFF = "the last line of the export is missing"

DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (cut(0), rf"line 1: {CUT_OFF}"),
    "only the first line": (cut(1), rf"line 2: {CUT_OFF}"),
    "cut off at a line": (cut(-1), rf"line \d+: {CUT_OFF}"),
    "cut off within a line": (lambda content: content[: len(content) // 2], r"line \d+: not JSON"),
    "a row missing": (cut(20, 21), OTHER_ROWS),
    "a word changed": (lambda content: content.replace(b"Looked", b"looked"), OTHER_ROWS),
    "a line added": (lambda content: content + b"{}\n", r"line \d+: it comes after the last line"),
    "another file": (lambda content: b'{"id": "bd-1"}\n', r"line 1: it does not say that this is an export"),
    "a newer version": (changed(1, version=2), r"line 1: its version is not 1"),
    "another format": (changed(1, format="beads"), r"line 1: it does not say that this is an export"),
    "a model unknown": (changed(2, model="tasks.secret"), r"line 2: there is no model 'tasks.secret'"),
    "no model": (changed(2, model=...), r"line 2: there is no model 'None'"),
    "a column unknown": (changed(2, colour="red"), r"line 2: there is no column 'colour'"),
    "a column missing": (changed(2, name=...), r"line 2: the column 'name' is missing"),
    "a null": (changed(2, name=None), r"line 2: name is null"),
    "a text for a number": (changed(2, id="1"), r"line 2: id cannot be text such as this"),
    "a truth for a number": (changed(2, id=True), r"line 2: id cannot be a truth value such as this"),
    "a number for a text": (changed(2, name=7), r"line 2: name cannot be a number such as this"),
    "a day for a time": (changed(2, created_at="2026-01-01"), r"line 2: created_at cannot be text such as this"),
    "a number for a time": (changed(2, created_at=7), r"line 2: created_at cannot be a number such as this"),
    "a number that no column holds": (changed(2, id=2**70), r"line 2: the rows from here to line \d+ do not fit"),
    "a row twice": (changed(3, id=1), r"line 2: the rows from here to line \d+ do not fit"),
    "a null character": (changed(2, name="a\0"), r"line 2: it holds characters that no export holds"),
    "an owner who is no one": (changed(-1, created_by_id=4711), r"line \d+: a row names one that is not in the file"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_is_not_as_it_was_written_is_refused_by_line_and_leaves_nothing(export, damage):
    break_it, why = DAMAGE[damage]
    before = board_rows.read()
    with pytest.raises(restoring.Damaged, match=why):
        restore(break_it(export))
    assert board_rows.read() == before
    connection.check_constraints()


def test_progress_is_told_in_rows(export):
    told: list[int] = []
    rows = restore(export, tick=told.append)
    assert told[-1] == rows
