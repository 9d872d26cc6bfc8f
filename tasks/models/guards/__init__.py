"""What the database itself refuses or keeps, beyond constraints: triggers, one SQL file per app and database.

SQLite rebuilds a table to alter it, and a rebuilt table has lost its triggers, so the guards are not part of a
migration: they are taken off before migrations run and put back after the last one, on both databases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Source:
    """The guards of an app: a directory with a file for each database. They need every table of the app.

    `last_table` is the one that comes last.
    """

    directory: Path
    last_table: str


_sources = [Source(Path(__file__).parent, last_table="tasks_search")]
_TRIGGERS = {
    "sqlite": "SELECT name, '' FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'agentboard_%'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'agentboard_%'",
}


def add(source: Source) -> None:
    """Have the guards of a further app kept in force, which may use the functions of those before."""
    if source not in _sources:
        _sources.append(source)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every guard whose tables are there; those that are there are replaced."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in statements(connection):
            cursor.execute(statement)


def statements(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """What makes the guards of all apps whose tables are there. Migrations that were undone leave nothing to guard."""
    tables = set(connection.introspection.table_names())
    for source in _sources:
        if source.last_table in tables:
            yield from (source.directory / f"{connection.vendor}.sql").read_text().split("\n\n")


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
    """Receiver of `post_migrate`."""
    from django.db import connections

    if plan:
        install(connections[using])
