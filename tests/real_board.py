"""Boards of their own for tests that commit: a copy of a migrated database for each, on either database.

The database that tests roll back is one per process; races, killed processes and real servers need commits that
others see, and the append-only log cannot be emptied afterwards.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from tests import isolation

_IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"


def template(directory: Path) -> str:
    """The name of the migrated database that boards are copied from.

    Made once for all the processes that are given the same directory, by the first that asks; the others wait for it.
    """
    name = str(directory / "template.sqlite3") if _is_a_file() else os.environ[isolation.TEMPLATE]
    made = directory / "template.made"
    with (directory / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            if not _is_a_file():
                _execute(f"CREATE DATABASE {name}")
            with pointed_to(name):
                call_command("migrate", verbosity=0)
            made.touch()
    return name


@contextlib.contextmanager
def for_rollbacks(template_name: str, directory: Path) -> Iterator[None]:
    """Have a copy as the default database that is rolled back after each test; on SQLite it is kept in memory."""
    if not _is_a_file():
        with copy(template_name, directory):
            yield
        return
    with pointed_to(_IN_MEMORY):
        connections["default"].ensure_connection()
        with contextlib.closing(sqlite3.connect(template_name)) as source:
            source.backup(connections["default"].connection)
        yield


@contextlib.contextmanager
def copy(template_name: str, directory: Path) -> Iterator[str]:
    """A board of its own, with what the template holds, as the default database; gives its URL."""
    if _is_a_file():
        path = str(directory / "board.sqlite3")
        shutil.copy(template_name, path)
        with pointed_to(path):
            yield f"sqlite:///{path}"
        return
    name = f"agentboard_board_{secrets.token_hex(4)}"
    _execute(f"CREATE DATABASE {name} TEMPLATE {template_name}")
    try:
        with pointed_to(name):
            yield _url(name)
    finally:
        _execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def pointed_to(name: str) -> Iterator[None]:
    """Have every thread's default connection lead to the database `name` while the block runs."""
    settings = connections.settings["default"]
    before, wrapper = settings["NAME"], connections["default"]
    settings["NAME"] = name
    # A connection of its own: pytest-django's may be to a database in memory, which lives as long as it stays open.
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        settings["NAME"] = before
        connections["default"] = wrapper


def _is_a_file() -> bool:
    return bool(connections.settings["default"]["ENGINE"].endswith("sqlite3"))


def _execute(sql: str) -> None:
    import psycopg

    with psycopg.connect(_url("postgres"), autocommit=True) as server:
        server.execute(sql)


def _url(name: str) -> str:
    at: dict[str, Any] = connections.settings["default"]
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}"
