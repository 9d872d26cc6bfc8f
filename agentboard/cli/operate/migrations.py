"""Migrations: which the database lacks, and applying them, by one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agentboard import env
from agentboard.cli.operate import one_process


def missing() -> list[str]:
    """The migrations that the database lacks, by name, in their order."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def is_new() -> bool:
    """Whether no migration was ever applied: there is no board in this database yet."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return not MigrationRecorder(connection).applied_migrations()


def apply(settings: env.Env) -> int:
    """Apply what the database lacks, and give how many that were. Waits for whoever does it already on PostgreSQL,
    and fails where a board on SQLite is being served."""
    from django.core.management import call_command

    if not missing():
        return 0
    doing = "is being migrated"
    with (
        one_process.only(settings, doing=doing),
        one_process.only(settings, doing=doing, role="scheduler"),
        _alone(),
    ):
        # Again: another process may just have done it.
        names = missing()
        if names:
            call_command("migrate", interactive=False, verbosity=0)
    return len(names)


@contextmanager
def _alone() -> Iterator[None]:
    from django.db import connection

    from tasks.domain.turns import Turn

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        # The limits are there for calls; a migration takes as long as the board is large.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [Turn.MIGRATIONS])
    try:
        yield
    finally:
        # Ends with the connection the lock, and the limits that were lifted.
        connection.close()
