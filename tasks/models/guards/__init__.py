"""What the database itself refuses or keeps, beyond constraints: triggers, one SQL file per database.

SQLite rebuilds a table to alter it, and a rebuilt table has lost its triggers, so the guards are not part of a
migration: they are taken off before migrations run and put back after the last one, on both databases.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_HERE = Path(__file__).parent
# The guards need every table; this is the one that comes last.
_LAST_TABLE = "tasks_search"
_TRIGGERS = {
    "sqlite": "SELECT name, '' FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'agentboard_%'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'agentboard_%'",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every guard; those that are there are replaced."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in (_HERE / f"{connection.vendor}.sql").read_text().split("\n\n"):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop every guard that is there."""
    with connection.cursor() as cursor:
        for name, table in installed(connection):
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if table else ""))


def installed(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Name and table (empty on SQLite) of the guards in force."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS[connection.vendor])
        return list(cursor.fetchall())


def remove_before_migrations(*, using: str, plan: Sequence[Any] = (), **_: object) -> None:
    """Receiver of `pre_migrate`."""
    from django.db import connections

    if plan:
        remove(connections[using])


def install_after_migrations(*, using: str, plan: Sequence[Any] = (), **_: object) -> None:
    """Receiver of `post_migrate`; migrations that were undone have left nothing to guard."""
    from django.db import connections

    if plan and _LAST_TABLE in connections[using].introspection.table_names():
        install(connections[using])
