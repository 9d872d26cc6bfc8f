"""The database's guards: all are in force after migrations, and each refuses, or keeps, what it is there for."""

import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from tasks.domain import claims, comments, lifecycle, sequence
from tasks.models import Comment, Criterion, Dependency, Event, Task, TaskLabel, guards
from tests.tasks import states

# What a guard refuses: its words, and a write around the domain.
REFUSED = {
    "the event log is append-only": [
        "UPDATE tasks_event SET kind = 'x'",
        "UPDATE tasks_event SET at = at",
        "UPDATE tasks_event SET seq = 4711, kind = 'x'",
        "UPDATE tasks_event SET seq = 4711, data = '{{}}' WHERE kind = 'task.claimed'",
        "DELETE FROM tasks_event",
    ],
    "comments are never": [
        "UPDATE tasks_comment SET text = 'x'",
        "DELETE FROM tasks_comment",
    ],
    "done criteria are frozen at the first claim": [
        "UPDATE tasks_criterion SET text = 'easier' WHERE task_id = {claimed}",
        "DELETE FROM tasks_criterion WHERE task_id = {claimed}",
        "INSERT INTO tasks_criterion (task_id, version, number, text) VALUES ({claimed}, 1, 9, 'another')",
    ],
    "a dependency is added or removed, not changed": [
        "UPDATE tasks_dependency SET depends_on_id = {claimed}",
    ],
    "the dependency graph has no cycle": [
        "INSERT INTO tasks_dependency (task_id, depends_on_id) VALUES ({first}, {second})",
        "INSERT INTO tasks_dependency (task_id, depends_on_id) VALUES ({first}, {third})",
        "INSERT INTO tasks_dependency (task_id, depends_on_id) VALUES ({second}, {third})",
    ],
    "a lease token only grows": [
        "UPDATE tasks_task SET lease_token = 1 WHERE id = {claimed}",
        "UPDATE tasks_task SET lease_token = lease_token - 1 WHERE id = {released}",
    ],
}
ONLY_ON_POSTGRESQL = {
    "the event log is append-only": ["TRUNCATE tasks_event CASCADE"],
    "(comments|notices) are never": ["TRUNCATE tasks_comment CASCADE"],
    "append-only|never edited": ["TRUNCATE tasks_task CASCADE"],
}


@pytest.fixture
def ids(ada, write, now):
    """Tasks by what happened to them; `second` waits for `first`, `third` for `second`."""
    first = write("first")
    second = write("second", depends_on=[first.ref])
    third = write("third", depends_on=[second.ref])
    held = {name: write(name, labels=["x"]) for name in ("claimed", "released")}
    for task in held.values():
        states.reach(task, "doing", worker=ada, now=now)
        comments.write(task, by=ada, text="x", kind="note", lease=None, now=now)
        assert lifecycle.move(task.pk, "release", now=now, by=None, changes={"assignee": None})
    claims.claim(held["claimed"], by=ada, now=now)
    return {
        name: task.pk for name, task in {"first": first, "second": second, "third": third, **held}.items()
    }


def test_every_guard_of_the_file_is_in_force_after_the_migrations(db):
    written = re.findall(r"CREATE TRIGGER (\w+)", _sql())
    assert len(written) > 8
    assert sorted(name for name, _ in guards.installed(connection)) == sorted(written)


@pytest.mark.parametrize(("words", "sql"), [(words, sql) for words, each in REFUSED.items() for sql in each])
def test_a_guard_refuses_what_goes_around_the_domain(ids, words, sql):
    _refuse(words, sql.format(**ids))


@pytest.mark.parametrize(
    ("words", "sql"), [(words, sql) for words, each in ONLY_ON_POSTGRESQL.items() for sql in each]
)
def test_a_table_of_the_history_is_not_emptied_at_a_stroke(ids, words, sql):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    # The test is one transaction, and a table with foreign keys still to be checked is not emptied anyway.
    connection.check_constraints()
    _refuse(words, sql)


def test_the_guards_refuse_nothing_more(ids, write, olga, now):
    """Criteria of an unclaimed task change, a later version is added, edges come and go, tokens grow."""
    Criterion.objects.filter(task=ids["first"]).update(text="better")
    Criterion.objects.filter(task=ids["first"]).delete()
    Criterion.objects.create(task_id=ids["claimed"], version=2, number=1, text="amended")
    Dependency.objects.create(task_id=ids["third"], depends_on_id=ids["first"])
    Dependency.objects.filter(task=ids["second"]).delete()
    Dependency.objects.create(task_id=ids["first"], depends_on_id=ids["second"])
    Task.objects.filter(pk=ids["claimed"]).update(lease_token=9)


def test_the_history_is_kept_from_the_orm_too(ids):
    for rows in (Event.objects.all(), Comment.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.first().delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.first().save()


def test_an_event_is_given_its_number_once(ids):
    sequence.catch_up()
    for new in ("seq + 1000", "NULL", "seq"):
        _refuse("the event log is append-only", f"UPDATE tasks_event SET seq = {new} WHERE seq = 1")
    assert Event.objects.filter(seq=1).count() == 1


def test_a_label_follows_its_task_through_the_queue_whoever_writes(ids, ada, write, now):
    task = write(labels=["a", "b"])
    other = write(skills=["go"])
    steps = [
        ({}, True),
        ({"assignee": ada}, False),
        ({"assignee": None}, True),
        ({"open_blockers": 1}, False),
        ({"open_blockers": 0, "criteria_count": 0}, False),
        ({"criteria_count": 1, "not_before": now, "deferred": True}, False),
        ({"deferred": False, "priority": 0}, True),
        ({"lane": other.lane}, True),
        ({"status": "cancelled"}, False),
    ]
    for columns, in_pool in steps:
        if columns:
            Task.objects.filter(pk=task.pk).update(**columns)
        task.refresh_from_db()
        rows = set(
            TaskLabel.objects.filter(task=task).values_list("in_pool", "lane", "priority", "created_at")
        )
        assert rows == {(in_pool, task.lane_id, task.priority, task.created_at)}


def test_a_label_written_around_the_domain_takes_its_tasks_place(ids, write):
    for pk, in_pool in ((ids["first"], True), (ids["second"], False), (ids["claimed"], False)):
        label = TaskLabel.objects.create(task_id=pk, label="new", in_pool=not in_pool)
        label.refresh_from_db()
        task = Task.objects.get(pk=pk)
        assert (label.in_pool, label.lane_id, label.priority) == (in_pool, task.lane_id, task.priority)


def test_a_second_migration_leaves_the_guards_in_force(own_board):
    before = sorted(guards.installed(connection))
    call_command("migrate", verbosity=0)
    assert sorted(guards.installed(connection)) == before
    call_command("migrate", "sessions", "zero", verbosity=0)
    assert sorted(guards.installed(connection)) == before


def test_guards_that_were_lost_come_back_when_they_are_installed(db):
    before = sorted(guards.installed(connection))
    guards.remove(connection)
    assert guards.installed(connection) == []
    guards.install(connection)
    guards.install(connection)
    assert sorted(guards.installed(connection)) == before


def _refuse(words, sql):
    with pytest.raises(IntegrityError, match=words):
        _execute(sql)


def _execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def _sql():
    return "\n\n".join(guards.statements(connection))
