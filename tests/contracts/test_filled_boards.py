"""A board filled by SQL, for benchmarks and for plans, is one that the board itself could have come to."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from tasks.domain import agents, authoring, claims
from tasks.models import Lane, Project, Task
from tasks.models.guards import installed
from tasks.queries import search
from tests.benchmarks import filling
from tests.tasks import invariants

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
READY = 400


def test_a_filled_board_breaks_no_rule_and_goes_on_as_any_other(own_board):
    guards, keys = set(installed(connection)), _foreign_keys()
    filling.fill(own_board, filling.Amounts.around(READY), now=NOW)
    filling.top_up(own_board, 30, now=NOW)
    filling.add_agents(own_board, ["ada", "bob"], now=NOW, wip_limit=READY)

    assert invariants.broken() == []
    assert set(installed(connection)) == guards
    assert _foreign_keys() == keys
    given = [claims.next_task(name, now=NOW).task_ids for name in ["ada", "bob"] * (READY // 4)]
    assert len({task_id for ids in given for task_id in ids}) == READY // 2
    assert invariants.broken() == []


def test_what_the_domain_writes_joins_what_was_filled(own_board):
    filling.fill(own_board, filling.Amounts.around(READY), now=NOW)
    filling.top_up(own_board, 30, now=NOW)
    lanes, olga = Lane.objects.count(), agents.find("olga")
    projects = list(Project.objects.order_by("pk").values_list("name", flat=True))

    drafts = [authoring.Draft(title="Hang the door", project="side", skills=filling.SKILLS)]
    drafts += [authoring.Draft(title="Hang the door", reviewer="rita", skills=["python"])]
    written = authoring.write(drafts, by=olga, now=NOW)

    assert projects == list(filling.PROJECTS)
    assert Lane.objects.count() == lanes
    assert search.matching(Task.objects.all(), "hinge").count() == Task.objects.count() - len(written.tasks)
    assert set(search.matching(Task.objects.all(), "hang door")) == set(written.tasks)


def test_a_filled_board_is_guarded_as_any_other(own_board):
    filling.fill(own_board, filling.Amounts(5), now=NOW)

    for sql in ("DELETE FROM tasks_event", "UPDATE tasks_task SET project_id = 77 WHERE id = 1"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def _foreign_keys() -> set[tuple[str, str]]:
    """Table and definition of every foreign key; SQLite has them in its tables, which filling does not touch."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
        )
        return set(cursor.fetchall())
