"""Bulk writing, past Django: the two dialects of what `filling` needs, on a connection of its own."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg


@contextlib.contextmanager
def connect(url: str) -> Iterator[Board]:
    """The board at a `sqlite:///…` or `postgresql://…` URL, in a transaction; `commit` is the caller's."""
    board = _PostgreSQL(psycopg.connect(url)) if url.startswith("postgresql:") else _SQLite(_open(url))
    try:
        yield board
    finally:
        board.connection.close()


class Board:
    """A connection, and the SQL that differs."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, sql: str) -> None:
        self.connection.execute(sql)

    def rows(self, sql: str) -> list[Any]:
        return list(self.connection.execute(sql).fetchall())

    def commit(self) -> None:
        self.connection.commit()

    def in_dialect(self, sql: dict[str, str]) -> str:
        """The one of the statements that is this database's."""
        return sql[self.vendor]

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """Insert rows one by one, in order; the first and the last of their ids."""
        marks = ", ".join([self.mark] * len(columns))
        self.connection.cursor().executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            [[self.value(value) for value in row] for row in rows],
        )
        last = self.rows(f"SELECT max(id) FROM {table}")[0][0]
        return last - len(rows) + 1, last

    vendor = mark = ""

    def value(self, value: Any) -> Any:
        """A parameter as the database takes it."""
        return value

    def numbers(self, count: int) -> str:
        """A table `g` whose column `n` counts from 1 to `count`."""
        raise NotImplementedError

    def time(self, base: datetime, seconds: str = "0") -> str:
        """The expression of a time some seconds after `base`."""
        raise NotImplementedError

    def index_text(self) -> None:
        """Build what the search index lacks."""

    def unguarded(self) -> contextlib.AbstractContextManager[None]:
        """Without indexes, triggers and foreign keys while the block runs; afterwards all are back, and vacuumed."""
        raise NotImplementedError


class _PostgreSQL(Board):
    vendor, mark = "postgresql", "%s"

    def numbers(self, count: int) -> str:
        return f"generate_series(1, {count}) AS g(n)"

    def time(self, base: datetime, seconds: str = "0") -> str:
        return f"to_timestamp({base.timestamp()} + ({seconds}))"

    @contextlib.contextmanager
    def unguarded(self) -> Iterator[None]:
        self.execute("SET synchronous_commit = off")
        self.execute("SET maintenance_work_mem = '512MB'")
        indexes, keys, triggers = self.rows(_INDEXES), self.rows(_FOREIGN_KEYS), self.rows(_TRIGGERS)
        for name, _ in indexes:
            self.execute(f"DROP INDEX {name}")
        for table, name, _ in keys:
            self.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table, name in triggers:
            self.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
        for table, name in triggers:
            self.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
        for _, definition in indexes:
            self.execute(definition)
        for table, name, definition in keys:
            self.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        self.commit()
        self.connection.autocommit = True
        self.execute("VACUUM ANALYZE")


_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename LIKE 'tasks\\_%'
AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text LIKE 'tasks\\_%'
"""
# Not those of the task itself: they write the search index, in the one place that says how.
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal
AND tgname LIKE 'agentboard\\_%' AND tgrelid <> 'tasks_task'::regclass
"""


class _SQLite(Board):
    vendor, mark = "sqlite", "?"

    def value(self, value: Any) -> Any:
        return str(value.astimezone(UTC).replace(tzinfo=None)) if isinstance(value, datetime) else value

    def numbers(self, count: int) -> str:
        counting = f"SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < {count}"
        return f"(WITH RECURSIVE c(n) AS ({counting}) SELECT n FROM c) AS g"

    def time(self, base: datetime, seconds: str = "0") -> str:
        return f"datetime({int(base.timestamp())} + ({seconds}), 'unixepoch')"

    def index_text(self) -> None:
        self.execute("INSERT INTO tasks_search(tasks_search) VALUES ('rebuild')")

    @contextlib.contextmanager
    def unguarded(self) -> Iterator[None]:
        for pragma in ("synchronous = OFF", "cache_size = -500000", "temp_store = MEMORY"):
            self.execute(f"PRAGMA {pragma}")
        made = self.rows(_MADE)
        for kind, name, _ in made:
            self.execute(f"DROP {kind} {name}")
        yield
        for _, _, definition in made:
            self.execute(definition)
        self.commit()
        self.execute("ANALYZE")
        self.commit()


_MADE = """
SELECT type, name, sql FROM sqlite_master
WHERE type IN ('index', 'trigger') AND tbl_name LIKE 'tasks\\_%' ESCAPE '\\' AND sql IS NOT NULL
"""


def _open(url: str) -> sqlite3.Connection:
    return sqlite3.connect(unquote(urlsplit(url).path.removeprefix("/")), timeout=30)
