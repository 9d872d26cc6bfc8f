"""How the databases are set up: each line here is a trap that was measured, and that only this setting avoids."""

import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from tasks.models import Project


@pytest.fixture
def sqlite(own_board):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")


@pytest.fixture
def postgresql(own_board):
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL")


def value(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_sqlite_is_durable_and_waits_its_turn(sqlite, pragma, expected):
    """synchronous 2 is FULL: a commit lost to a power cut would hand out the same fencing token twice."""
    assert value(f"PRAGMA {pragma}") == expected


def test_a_transaction_on_sqlite_is_a_writer_from_its_first_moment(sqlite):
    """A DEFERRED one that writes after another has committed fails at once with "database is locked"."""
    entered, failure = threading.Event(), []

    def write_meanwhile():
        try:
            entered.wait(5)
            Project.objects.update(name="second")
        except Exception as error:  # noqa: BLE001
            failure.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=write_meanwhile)
    other.start()
    with transaction.atomic():
        Project.objects.count()
        entered.set()
        other.join(0.3)
        assert other.is_alive(), "the other writer waits for this transaction from its beginning"
        Project.objects.update(name="first")
    other.join()
    assert failure == []
    assert Project.objects.get().name == "second"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("idle_in_transaction_session_timeout", "30s"), ("statement_timeout", "30s"), ("TimeZone", "UTC")],
)
def test_a_stuck_client_cannot_hold_postgresql_up(postgresql, setting, expected):
    """A held snapshot keeps dead rows at the head of the queue, and cuts claims to a quarter while it lasts."""
    assert value(f"SHOW {setting}") == expected


def test_postgresql_vacuums_the_queue_by_count(postgresql):
    """Dead index entries at the head of the queue: 6.8 ms a claim against 0.06 ms after vacuum."""
    options = value("SELECT reloptions FROM pg_class WHERE relname = 'tasks_task'")
    assert "autovacuum_vacuum_scale_factor=0" in options
    assert "autovacuum_vacuum_threshold=5000" in options


def test_connections_stay_with_their_thread():
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] is None


def test_the_settings_of_the_caller_do_not_reach_the_tests():
    assert "agentboard-tests-" in str(Path(settings.ENV.data_dir))
