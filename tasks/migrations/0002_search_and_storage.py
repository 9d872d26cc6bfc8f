"""What Django's models cannot say: the full-text index, PostgreSQL's storage settings, the first project."""

from typing import Any

from django.db import migrations
from django.utils import timezone

SQL = {
    "sqlite": (
        [
            "CREATE VIRTUAL TABLE tasks_search USING fts5(title, description, content='tasks_task', content_rowid='id',"
            " tokenize=\"unicode61 remove_diacritics 0 categories 'L* Mn Mc Nd Nl Co' separators '\ufe0e\ufe0f'\")",
            "INSERT INTO tasks_search(tasks_search) VALUES ('rebuild')",
        ],
        ["DROP TABLE tasks_search"],
    ),
    "postgresql": (
        [
            "CREATE TABLE tasks_search (task_id bigint PRIMARY KEY, document tsvector NOT NULL)",
            # As the guard agentboard_search_follows does it from here on.
            "INSERT INTO tasks_search SELECT id, to_tsvector('simple', translate("
            "title || ' ' || left(description, 100000),"
            r""" '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~' || U&'\00AD\200B\200C\200D\200E\200F\2060\FEFF\FE0E\FE0F',"""
            " repeat(' ', 42))) FROM tasks_task",
            "CREATE INDEX tasks_search_document ON tasks_search USING gin (document)",
            # Dead index entries at the head of the queue cost every claim, so vacuum comes by count, not by share.
            "ALTER TABLE tasks_task SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,"
            " autovacuum_analyze_scale_factor = 0.05, fillfactor = 80)",
        ],
        [
            "ALTER TABLE tasks_task RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,"
            " autovacuum_analyze_scale_factor, fillfactor)",
            "DROP TABLE tasks_search",
        ],
    ),
}


def forwards(apps: Any, schema_editor: Any) -> None:
    for statement in SQL[schema_editor.connection.vendor][0]:
        schema_editor.execute(statement, params=None)
    apps.get_model("tasks", "Project").objects.get_or_create(
        name="main", defaults={"created_at": timezone.now()}
    )


def backwards(apps: Any, schema_editor: Any) -> None:
    for statement in SQL[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_board")]
    operations = [migrations.RunPython(forwards, backwards)]
