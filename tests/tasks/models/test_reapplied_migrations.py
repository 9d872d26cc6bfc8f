"""Migrations can be undone and made again: guards and tables are as before, and search finds what it found."""

from django.core.management import call_command
from django.db import connection

from tasks.domain import agents, authoring, editing
from tasks.models import Project, Task, guards
from tasks.queries import search

TEXT = "It's 100% a-b in file.go, snake_case [x]\\y ünï zero\u200bwidth"


def test_a_board_is_as_before_after_migrations_were_undone_and_made_again(own_board, now):
    before = _installed()
    olga = agents.register("olga", now=now)
    (task,) = authoring.write([authoring.Draft(title="Walrus", description=TEXT)], by=olga, now=now).tasks
    questions = ["walrus", "100", "file go", "b", "snake", "case", "y", "ünï", "width", "zer"]
    assert all(found(question) == [task] for question in questions)

    call_command("migrate", "tasks", "0001", verbosity=0)
    assert guards.installed(connection) == []
    call_command("migrate", verbosity=0)

    assert _installed() == before

    assert all(found(question) == [task] for question in questions)
    assert Project.objects.count() == 1
    editing.edit(task, by=olga, now=now, title="Penguin", description="")
    assert [found("walrus"), found("file"), found("penguin")] == [[], [], [task]]


def found(question):
    return list(search.matching(Task.objects.all(), question))


def _installed():
    return sorted(guards.installed(connection)), sorted(connection.introspection.table_names())
