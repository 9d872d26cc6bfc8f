"""The cast and the boards of the suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

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
def board_template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object) -> Iterator[str]:
    """A migrated database that boards are copied from."""
    with django_db_blocker.unblock(), real_board.template(tmp_path_factory.mktemp("template")) as name:  # type: ignore[attr-defined]
        yield name


@pytest.fixture
def own_board(board_template: str, tmp_path: Path, django_db_blocker: object) -> Iterator[str]:
    """A database of the test's own, for real commits by threads and processes; gives its URL."""
    with django_db_blocker.unblock(), real_board.copy(board_template, tmp_path) as url:  # type: ignore[attr-defined]
        yield url
