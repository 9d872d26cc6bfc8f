"""The backlog of a real project, where it lies beside the checkout: counted here a second time, in another way."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.domain.imports import beads
from tasks.models import Agent, Comment, Criterion, Dependency, Event, Task, TaskLabel
from tests.tasks import board_rows, invariants

pytestmark = pytest.mark.xdist_group("real-file")  # what they share is made once
FILE = Path(__file__).resolve().parents[5] / "shared/data/beads-3003.jsonl"
NOT_WORK = {"event", "message", "agent", "role", "rig", "gate", "molecule", "merge-request"}

if not FILE.exists():
    pytest.skip(f"NOT TESTED on the real backlog: {FILE} is not there", allow_module_level=True)


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in map(json.loads, FILE.read_text().splitlines())}


@pytest.fixture(scope="module")
def wanted(records: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: record
        for name, record in records.items()
        if record["issue_type"] not in NOT_WORK
        and record["status"] != "tombstone"
        and "deleted_at" not in record
    }


def take(now: datetime, **options: Any) -> beads.Summary:
    with FILE.open("rb") as stream:
        return beads.take(stream, now=now, **options)


def edges(wanted: dict[str, dict[str, Any]], kind: str) -> list[tuple[str, str]]:
    return [
        (name, link["depends_on_id"])
        for name, record in wanted.items()
        for link in record.get("dependencies", [])
        if link["type"] == kind and link["depends_on_id"] in wanted
    ]


def test_every_record_is_accounted_for(db, now, records, wanted):
    summary = take(now)
    assert (summary.lines, summary.broken) == (3003, [])
    assert summary.taken == len(wanted) == Task.objects.count() == 1877
    assert summary.taken + sum(summary.skipped.values()) == 3003
    deleted = [
        record for record in records.values() if record["status"] == "tombstone" or "deleted_at" in record
    ]
    kinds = Counter(record["issue_type"] for record in records.values() if record not in deleted)
    assert dict(summary.skipped) == {
        "deleted": len(deleted),
        **{f"not work: {kind}": count for kind, count in kinds.items() if kind in NOT_WORK},
    }
    statuses = Counter(record["status"] for record in wanted.values())
    priorities = Counter(record["priority"] for record in wanted.values())
    assert dict(summary.mapped) == {
        "status 'hooked' becomes todo": statuses["hooked"],
        "priority 4 becomes P3": priorities[4],
    }
    assert Counter(Task.objects.values_list("status", flat=True)) == {
        "done": statuses["closed"],
        "todo": statuses["open"] + statuses["hooked"],
    }
    assert invariants.broken() == []


def test_every_task_is_the_record_it_was(db, now, wanted):
    take(now)
    tasks = {one.external_id: one for one in Task.objects.select_related("created_by", "assignee")}
    labels: dict[str, list[str]] = {}
    for name, label in TaskLabel.objects.order_by("pk").values_list("task__external_id", "label"):
        labels.setdefault(name, []).append(label)
    for name, record in wanted.items():
        one, closed = tasks[name], record["status"] == "closed"
        assert one.title == " ".join(record["title"].split())
        assert one.description == record.get("description", "").strip()
        assert one.priority == min(record["priority"], 3)
        assert one.created_at == _time(record["created_at"])
        assert one.updated_at == _time(record["updated_at"])
        assert one.finished_at == (_time(record["closed_at"]) if closed else None)
        assert one.done_via == ("import" if closed else None)
        assert (one.created_by and one.created_by.name) == record.get("created_by")
        assert (one.assignee and one.assignee.name) == record.get("assignee")
        assert (one.reserved_until is not None) == ("assignee" in record and not closed)
        assert labels.get(name, []) == record.get("labels", [])
        assert one.origin["issue_type"] == record["issue_type"]
        assert one.origin.get("external_ref") == record.get("external_ref")


def test_dependencies_and_parents_are_those_between_tasks(db, now, records, wanted):
    summary = take(now)
    blocks = edges(wanted, "blocks")
    found = Dependency.objects.values_list("task__external_id", "depends_on__external_id")
    assert set(found) == set(blocks)
    assert len(found) == len(blocks) == len(summary.edges.waits_for) == 516
    assert sum(summary.edges.dropped.values()) == len(_all_edges(records, "blocks")) - len(blocks)
    parents: dict[str, str] = {}
    for child, parent in edges(wanted, "parent-child"):
        parents.setdefault(child, parent)
    with_parent = Task.objects.filter(parent__isnull=False)
    assert dict(with_parent.values_list("external_id", "parent__external_id")) == parents
    unfinished = {name for name, record in wanted.items() if record["status"] != "closed"}
    waits = Counter(name for name, other in blocks if other in unfinished)
    assert dict(Task.objects.filter(open_blockers__gt=0).values_list("external_id", "open_blockers")) == waits


def test_the_log_holds_comments_notes_and_reasons(db, now, wanted):
    summary = take(now)
    texts = Counter(
        (name, text.strip())
        for name, record in wanted.items()
        for text in (
            *(comment["text"] for comment in record.get("comments", [])),
            record.get("notes", ""),
            record.get("close_reason", ""),
        )
        if text.strip()
    )
    found = Comment.objects.values_list("task__external_id", "text")
    assert Counter(found) == texts
    assert summary.comments == texts.total()
    said = Comment.objects.get(task__external_id="bd-0vu3q", text__startswith="BG found")
    assert (said.author.name, said.created_at) == ("worker-20", datetime(2026, 1, 12, 2, 16, tzinfo=UTC))


def test_default_criteria_make_the_unblocked_and_unreserved_half_of_it_ready(db, now, wanted):
    summary = take(now, default_criteria=["It works"])
    unfinished = {name for name, record in wanted.items() if record["status"] != "closed"}
    blocked = {name for name, other in edges(wanted, "blocks") if name in unfinished and other in unfinished}
    assert summary.ready == len(unfinished - blocked) == Task.objects.filter(claimable=True).count()
    assert Criterion.objects.count() == len(unfinished) == 325


def test_a_second_import_leaves_every_row_as_it_is(db, now):
    take(now)
    before = board_rows.read()
    summary = take(now)
    assert (summary.taken, summary.already_here) == (0, 1877)
    assert board_rows.changed(before, board_rows.read()) == {}


def test_every_task_and_agent_has_its_event(db, now):
    take(now)
    assert (
        Event.objects.filter(kind="task.imported").values("task").distinct().count() == Task.objects.count()
    )
    assert Event.objects.filter(kind="agent.registered").count() == Agent.objects.count()
    assert Event.objects.count() == Task.objects.count() + Agent.objects.count()


def _all_edges(records: dict[str, dict[str, Any]], kind: str) -> list[str]:
    return [
        name for name, one in records.items() for link in one.get("dependencies", []) if link["type"] == kind
    ]


def _time(text: str) -> datetime:
    """To the microsecond, without the digits beyond."""
    head, _, tail = text.partition(".")
    if not tail:
        return datetime.fromisoformat(text)
    digits = tail.rstrip("Z").partition("+")[0].partition("-")[0]
    zone = tail[len(digits) :]
    return datetime.fromisoformat(f"{head}.{digits[:6].ljust(6, '0')}{zone}")
