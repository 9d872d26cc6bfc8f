"""Statements that PostgreSQL plans once for each connection, instead of at every call.

Planning the statements of a claim takes longer than running them (0.7 of 1.0 ms). A plan that is kept knows no
parameter, so this is for SQL that is written out, with the predicates of partial indexes as literals: one made for
`status = $1` reads the whole table. That is why the ORM, which makes parameters of them, keeps planning every time.
What runs here is held to its plan in `tests/contracts/test_query_plans.py`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def cursor() -> AbstractContextManager[Any]:
    """A cursor of the default connection, as `connection.cursor()` gives one, whose statements keep their plans.

    SQLite's driver keeps its statements by itself.
    """
    # Looked up once: `django.db.connection` looks its thread's connection up at every dot.
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        return database.cursor()
    database.ensure_connection()
    # psycopg binds parameters on the server for its own cursor class, and prepares (see `prepare_threshold` in the
    # settings); Django's classes write them into the SQL, which no plan outlives.
    kept = psycopg.Cursor(database.connection)
    return cast(AbstractContextManager[Any], database._prepare_cursor(kept))  # type: ignore[attr-defined]
