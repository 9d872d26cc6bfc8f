"""What one record of a beads file becomes: every field, what has to be mapped, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.models import Agent, Event
from tests.tasks.domain.imports.conftest import record, task

CREATED = datetime(2025, 11, 3, 5, 58, 7, 295058, tzinfo=UTC)
UPDATED = "2025-12-01T10:00:00Z"
CLOSED = "2025-11-30T09:00:00.5Z"


def test_a_record_becomes_a_task_with_all_that_it_says(take, now):
    summary = take(
        record(
            "bd-7",
            title="Fix login",
            description="It fails.",
            design="Use a token.",
            acceptance_criteria="- It works\n- A test shows it",
            priority=0,
            issue_type="bug",
            updated_at=UPDATED,
            created_by="worker-2",
            labels=["api", " ui ", "api"],
            due_at="2026-04-01T00:00:00Z",
            external_ref="gh-12",
            owner="worker-9",
        )
    )
    one = task("bd-7")
    assert (one.title, one.description) == ("Fix login", "It fails.\n\n## Design\n\nUse a token.")
    assert (one.status, one.priority, one.done_via, one.finished_at) == ("todo", 0, None, None)
    assert (one.created_at, one.status_since, one.updated_at) == (
        CREATED,
        CREATED,
        datetime(2025, 12, 1, 10, tzinfo=UTC),
    )
    assert (one.created_by.name, one.assignee, one.reviewer) == ("worker-2", None, None)
    assert list(one.criteria.order_by("number").values_list("text", flat=True)) == [
        "It works",
        "A test shows it",
    ]
    assert (one.criteria_version, one.criteria_count, one.claimable) == (1, 2, True)
    assert list(one.labels.order_by("pk").values_list("label", flat=True)) == ["api", "ui"]
    assert one.due_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert one.origin == {
        "source": "beads",
        "status": "open",
        "priority": 0,
        "issue_type": "bug",
        "due_at": "2026-04-01T00:00:00Z",
        "external_ref": "gh-12",
        "owner": "worker-9",
    }
    assert (summary.taken, summary.ready, dict(summary.mapped)) == (1, 1, {})


def test_a_task_and_each_agent_come_with_one_event_at_the_time_of_the_import(take, now):
    take(record("bd-1", created_by="worker-2", assignee="worker-1"))
    assert list(Event.objects.order_by("pk").values_list("kind", "at", "task", "agent__name", "data")) == [
        ("agent.registered", now, None, "worker-1", {}),
        ("agent.registered", now, None, "worker-2", {}),
        ("task.imported", now, task("bd-1").pk, None, {"source": "beads", "status": "todo"}),
    ]
    assert set(Agent.objects.values_list("created_at", "last_seen_at", "kind")) == {(now, None, "agent")}


def test_a_closed_record_comes_in_done_with_its_history(take):
    take(
        record(
            "bd-1", status="closed", closed_at=CLOSED, updated_at=UPDATED, assignee="worker-1", close_reason="Fixed"
        ),
        record("bd-2", status="closed", updated_at=UPDATED),
    )  # fmt: skip
    one, other = task("bd-1"), task("bd-2")
    closed = datetime(2025, 11, 30, 9, 0, 0, 500_000, tzinfo=UTC)
    assert (one.status, one.done_via, one.finished_at, one.status_since) == ("done", "import", closed, closed)
    assert (one.assignee.name, one.reserved_until, one.claimable) == ("worker-1", None, False)
    assert other.finished_at == datetime(2025, 12, 1, 10, tzinfo=UTC)
    assert list(one.comments.values_list("author__name", "kind", "text", "created_at")) == [
        ("worker-1", "note", "Fixed", closed)
    ]
    assert one.origin["close_reason"] == "Fixed"


def test_comments_and_notes_keep_their_order_date_and_author(take, now):
    summary = take(
        record(
            "bd-1",
            notes="Looked into it.",
            updated_at=UPDATED,
            assignee="worker-1",
            comments=[
                {"id": 2, "author": "worker-4", "text": "Later", "created_at": "2025-12-24T00:00:00Z"},
                {"id": 1, "author": "Ada Lovelace", "text": "First", "created_at": "2025-11-05T00:00:00Z"},
                {"id": 3, "author": None, "text": "Nobody", "created_at": "not a date"},
                {"id": 4, "author": "worker-4", "text": "  ", "created_at": "2025-12-24T00:00:00Z"},
            ],
        )
    )
    said = task("bd-1").comments.order_by("pk").values_list("author__name", "text", "created_at")
    assert list(said) == [
        ("ada-lovelace", "First", datetime(2025, 11, 5, tzinfo=UTC)),
        ("worker-1", "Looked into it.", datetime(2025, 12, 1, 10, tzinfo=UTC)),
        ("worker-4", "Later", datetime(2025, 12, 24, tzinfo=UTC)),
        (None, "Nobody", now),
    ]
    assert summary.comments == 4
    assert dict(summary.mapped) == {
        "agent 'Ada Lovelace' becomes ada-lovelace": 1,
        "a comment's date is missing or unusable: the time of the import": 1,
    }


@pytest.mark.parametrize(
    "status", ["in_progress", "hooked", "pinned", "blocked", "deferred", "done", "Verified"]
)
def test_a_status_in_between_or_unknown_is_todo_again(take, status):
    summary = take(record(status=status, closed_at=CLOSED))
    assert (task("bd-1").status, task("bd-1").origin["status"]) == ("todo", status)
    assert dict(summary.mapped) == {f"status '{status}' becomes todo": 1}


def test_a_record_without_a_status_is_todo(take):
    assert dict(take(record(status=...)).mapped) == {"no status: todo": 1}
    assert task("bd-1").status == "todo"


@pytest.mark.parametrize("kind", ["task", "bug", "feature", "epic", "chore", "story", "", None, ...])
def test_a_record_of_any_other_type_is_work(take, kind):
    assert take(record(issue_type=kind, ephemeral=True)).taken == 1


@pytest.mark.parametrize(
    ("number", "priority", "why"),
    [
        (0, 0, None),
        (3, 3, None),
        (4, 3, "priority 4 becomes P3"),
        (5, 2, "a priority that is not 0 to 4 becomes P2"),
        (-1, 2, "a priority that is not 0 to 4 becomes P2"),
        (10**30, 2, "a priority that is not 0 to 4 becomes P2"),
        (..., 2, "no priority: P2"),
        (None, 2, "no priority: P2"),
    ],
)
def test_priorities_have_one_less(take, number, priority, why):
    summary = take(record(priority=number))
    assert task("bd-1").priority == priority
    assert dict(summary.mapped) == ({why: 1} if why else {})


def test_an_unfinished_tasks_assignee_has_it_reserved_for_a_while(take, now, settings):
    take(record(assignee="Big Joe"))
    one = task("bd-1")
    assert (one.assignee.name, one.reserved_until) == ("big-joe", now + settings.RESERVE_FOR)
    assert one.origin["assignee"] == "Big Joe"


def test_a_deferred_record_waits_for_its_day(take, now):
    later, past = now + timedelta(days=3), now - timedelta(days=3)
    take(
        record("bd-1", status="deferred", defer_until=later.isoformat(), acceptance_criteria="It works"),
        record("bd-2", defer_until=past.isoformat(), acceptance_criteria="It works"),
        record("bd-3", status="closed", defer_until=later.isoformat()),
    )
    assert (task("bd-1").not_before, task("bd-1").deferred, task("bd-1").claimable) == (later, True, False)
    assert (task("bd-2").not_before, task("bd-2").deferred, task("bd-2").claimable) == (past, False, True)
    assert (task("bd-3").not_before, task("bd-3").deferred) == (None, False)


@pytest.mark.parametrize("date", ["soon", "0001-01-01T00:00:00Z", "2190-01-01T00:00:00Z", None, ...])
def test_a_date_that_cannot_be_is_the_time_of_the_import(take, now, date):
    summary = take(record(created_at=date, updated_at=date))
    assert (task("bd-1").created_at, task("bd-1").updated_at) == (now, now)
    why = "missing" if date in (None, ...) else "unusable"
    assert dict(summary.mapped) == {
        f"{name} is {why}: the time of the import": 1 for name in ("created_at", "updated_at")
    }
    assert task("bd-1").origin.get("created_at") == (date if why == "unusable" else None)


def test_a_day_to_come_that_cannot_be_is_left_out(take):
    summary = take(record(due_at="soon", defer_until="3000-01-01"))
    assert (task("bd-1").due_at, task("bd-1").not_before) == (None, None)
    assert dict(summary.mapped) == {"due_at is unusable: left out": 1, "defer_until is unusable: left out": 1}


def test_other_links_are_kept_in_the_origin(take):
    links = [
        {"depends_on_id": "bd-9", "type": "discovered-from"},
        {"depends_on_id": "ext-1", "type": "related"},
    ]
    summary = take(record(dependencies=links))
    assert task("bd-1").origin["links"] == [
        {"type": "discovered-from", "id": "bd-9"},
        {"type": "related", "id": "ext-1"},
    ]
    assert dict(summary.edges.links) == {"discovered-from": 1, "related": 1}
    assert not task("bd-1").dependencies.exists()


NULLS = dict.fromkeys(
    (
        "description",
        "assignee",
        "labels",
        "comments",
        "dependencies",
        "notes",
        "due_at",
        "closed_at",
        "design",
    )
)


def test_null_is_the_same_as_not_there(take):
    summary = take(record("bd-1"), record("bd-2", **NULLS))
    assert (summary.taken, dict(summary.mapped), summary.broken) == (2, {}, [])
    assert task("bd-2").origin == task("bd-1").origin
