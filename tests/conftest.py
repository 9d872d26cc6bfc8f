"""The cast and the boards of the suite."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tasks.domain import agents, authoring
from tasks.models import Agent, Task
from tests import real_board

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The time at which a test's story begins; it passes on what comes later itself."""
    return NOW


@pytest.fixture
def ada(db: None) -> Agent:
    """Works."""
    return agents.register("ada", now=NOW, last_seen_at=NOW)


@pytest.fixture
def bob(db: None) -> Agent:
    """Works too."""
    return agents.register("bob", now=NOW, last_seen_at=NOW)


@pytest.fixture
def rita(db: None) -> Agent:
    """Reviews."""
    return agents.register("rita", now=NOW, last_seen_at=NOW)


@pytest.fixture
def olga(db: None) -> Agent:
    """Is human, and writes the tasks."""
    return agents.register("olga", now=NOW, kind=Agent.Kind.HUMAN, last_seen_at=NOW)


@pytest.fixture
def zed(db: None) -> Agent:
    """A stranger."""
    return agents.register("zed", now=NOW, last_seen_at=NOW)


@pytest.fixture
def write(olga: Agent) -> Callable[..., Task]:
    """Write one task down, ready unless told otherwise: `write("Fix login", depends_on=["T-1"])`."""

    def one(title: str = "Fix login", *, by: Agent = olga, now: datetime = NOW, **draft: object) -> Task:
        draft.setdefault("done_criteria", ["It works"])
        return authoring.write([authoring.Draft(title=title, **draft)], by=by, now=now).tasks[0]  # type: ignore[arg-type]

    return one


@pytest.fixture(scope="session")
def board_template(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, django_db_blocker: DjangoDbBlocker
) -> str:
    """A migrated database that boards are copied from."""
    of_this_process = tmp_path_factory.getbasetemp()
    shared = of_this_process if worker_id == "master" else of_this_process.parent
    with django_db_blocker.unblock():
        return real_board.template(shared)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    board_template: str,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """What pytest-django rolls back after each test: a copy too, instead of all migrations in every process."""
    directory = tmp_path_factory.mktemp("rolled-back")
    with django_db_blocker.unblock(), real_board.for_rollbacks(board_template, directory):
        yield


@pytest.fixture
def data_dir(board_template: str, tmp_path: Path) -> Path:
    """A data directory in which a board has been begun already, if the suite runs on SQLite."""
    if Path(board_template).is_absolute():
        shutil.copy(board_template, tmp_path / "agentboard.sqlite3")
    return tmp_path


@pytest.fixture
def own_board(board_template: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of the test's own, for real commits by threads and processes; gives its URL."""
    with django_db_blocker.unblock(), real_board.copy(board_template, tmp_path) as url:
        yield url
