"""Boards of their own for tests that commit: a copy of a migrated database for each, on either database.

pytest-django's own database is one per run and rolled back; races, killed processes and real servers need commits that
others see, and the append-only log cannot be emptied afterwards.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

TEMPLATE = f"agentboard_template_{secrets.token_hex(4)}"


@contextlib.contextmanager
def template(directory: Path) -> Iterator[str]:
    """Make the migrated database that boards are copied from; gives its name."""
    if _is_a_file():
        name = str(directory / "template.sqlite3")
    else:
        name = TEMPLATE
        _execute(f"CREATE DATABASE {name}")
    with pointed_to(name):
        call_command("migrate", verbosity=0)
    try:
        yield name
    finally:
        if name == TEMPLATE:
            _execute(f"DROP DATABASE {name} WITH (FORCE)")


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
