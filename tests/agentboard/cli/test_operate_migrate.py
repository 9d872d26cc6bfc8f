"""`agentboard migrate`: by one process at a time, and without the limits that calls have."""

import contextlib
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from agentboard import env
from agentboard.cli.operate import migrations, one_process
from tests.agentboard.cli import operating


@pytest.mark.once
def test_a_new_database_is_migrated_once(tmp_path):
    first = operating.run("migrate", DATA_DIR=tmp_path)
    assert first.code == 0
    assert first.out.startswith("Applied ")
    assert operating.run("migrate", DATA_DIR=tmp_path).out == "The database is up to date.\n"
    assert operating.run("export", DATA_DIR=tmp_path).code == 0


@pytest.mark.once
def test_a_board_on_sqlite_that_somebody_holds_is_not_migrated(tmp_path):
    settings = env.load({"AGENTBOARD_DATA_DIR": str(tmp_path)}, base=tmp_path)
    with one_process.only(settings, doing="is served at home"):
        ran = operating.run("migrate", DATA_DIR=tmp_path)
        assert (ran.code, ran.out) == (3, "")
        assert "is served at home by process" in ran.err
    assert operating.run("migrate", DATA_DIR=tmp_path).code == 0


def test_of_several_that_migrate_at_once_each_finds_it_done(own_board, tmp_path):
    with _unmigrated(own_board, tmp_path) as url, ThreadPoolExecutor() as pool:
        runs = list(
            pool.map(lambda _: operating.run("migrate", DATABASE_URL=url, DATA_DIR=tmp_path), range(3))
        )
        # On SQLite the others are refused while the first is at it.
        late = 3 if url.startswith("sqlite") else 0
        assert {ran.code for ran in runs} <= {0, late}
        assert sum("Applied" in ran.out for ran in runs) == 1
        assert all("Traceback" not in ran.err for ran in runs)
        assert (
            operating.run("migrate", DATABASE_URL=url, DATA_DIR=tmp_path).out
            == "The database is up to date.\n"
        )


def test_the_limits_of_calls_do_not_end_a_migration_and_are_back_afterwards(own_board):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such limits")
    before = _limit()
    with migrations._alone():
        assert _limit() == "0"
    assert _limit() == before == "30s"


def _limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


@contextlib.contextmanager
def _unmigrated(url: str, tmp_path: object) -> Iterator[str]:
    """A new database, of the kind that `url` leads to."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/new.sqlite3"
        return
    name = f"agentboard_new_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
