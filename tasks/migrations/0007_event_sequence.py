"""Events get the number that readers go by; those there are get it in the order of their ids."""

from typing import Any

from django.db import migrations, models

# Vacuum comes by count, and does not pass over the index of what has no number: what is dead there costs every look.
SQL = {
    "sqlite": ([], []),
    "postgresql": (
        [
            "CREATE INDEX event_unnumbered ON tasks_event ((id + 0)) WHERE seq IS NULL",
            "ALTER TABLE tasks_event SET (autovacuum_vacuum_scale_factor = 0.005,"
            " autovacuum_vacuum_threshold = 20000, vacuum_index_cleanup = on)",
        ],
        [
            "ALTER TABLE tasks_event RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,"
            " vacuum_index_cleanup)",
            "DROP INDEX event_unnumbered",
        ],
    ),
}
NUMBER = """
UPDATE tasks_event SET seq = numbered.seq
FROM (SELECT id, row_number() OVER (ORDER BY id) AS seq FROM tasks_event) AS numbered
WHERE numbered.id = tasks_event.id
"""


def forwards(apps: Any, schema_editor: Any) -> None:
    for statement in [*SQL[schema_editor.connection.vendor][0], NUMBER]:
        schema_editor.execute(statement, params=None)


def backwards(apps: Any, schema_editor: Any) -> None:
    for statement in SQL[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0006_log_by_kind")]
    operations = [
        migrations.AddField(
            model_name="event", name="seq", field=models.BigIntegerField(editable=False, null=True)
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=["seq"], name="event_seq_is_given_once"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("seq__gte", 1)), name="event_seq_counts_from_1"
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
