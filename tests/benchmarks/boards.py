"""The boards of a run: databases of several sizes side by side, each with a web process of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg

from tests import postgres_server, real_server
from tests.benchmarks import bulk, filling
from tests.real_server import ROOT, RealServer

# Claims an agent makes before the next one takes its place, so that nobody holds hundreds.
CLAIMS_EACH = 5
# The board with nothing ready is what would be around this many ready tasks.
EMPTY = 20_000


@dataclass
class Board:
    """A filled database of `ready` ready tasks, and the web process that serves it."""

    ready: int
    url: str
    server: RealServer
    _names: Iterator[int] = field(default_factory=count)

    def new_agents(self, *, callers: int, claims: int) -> list[list[str]]:
        """The name that makes each claim, for each caller: agents nobody has seen, who hold nothing."""
        names = [
            [f"w{next(self._names)}" for _ in range(-(-claims // callers // CLAIMS_EACH))]
            for _ in range(callers)
        ]
        filling.add_agents(
            self.url, [name for mine in names for name in mine], now=datetime.now(UTC), wip_limit=1000
        )
        return [[mine[at // CLAIMS_EACH] for at in range(claims // callers)] for mine in names]

    def lanes(self) -> list[int]:
        """The ids of the lanes that workers may take from."""
        with bulk.connect(self.url) as board:
            return [pk for (pk,) in board.rows(f"SELECT id FROM tasks_lane WHERE {filling.FITTING}")]

    def top_up(self, claimed: int) -> None:
        """Make up for what was claimed."""
        filling.top_up(self.url, claimed, now=datetime.now(UTC))


@contextlib.contextmanager
def made(database: str, sizes: Sequence[int], directory: Path) -> Iterator[tuple[list[Board], str]]:
    """Boards of these sizes on `sqlite` or `postgresql`, and the URL of one with nothing ready; gone when the block
    ends. Raises Unavailable."""
    directory.mkdir()
    with contextlib.ExitStack() as lasting:
        copy = _sqlite(directory) if database == "sqlite" else lasting.enter_context(_postgresql())
        found = []
        for size in sizes:
            url = _filled(copy(f"board_{size}"), filling.Amounts.around(size))
            found.append(Board(size, url, lasting.enter_context(real_server.running(url))))
        yield found, _filled(copy("board_empty"), replace(filling.Amounts.around(EMPTY), ready=0, blocked=0))


@contextlib.contextmanager
def one(database: str, amounts: filling.Amounts, directory: Path) -> Iterator[Board]:
    """A board of these amounts by itself."""
    directory.mkdir()
    with contextlib.ExitStack() as lasting:
        copy = _sqlite(directory) if database == "sqlite" else lasting.enter_context(_postgresql())
        url = _filled(copy("board_alone"), amounts)
        yield Board(amounts.ready, url, lasting.enter_context(real_server.running(url)))


def _filled(url: str, amounts: filling.Amounts) -> str:
    begun = time.monotonic()
    filling.fill(url, amounts, now=datetime.now(UTC))
    total = sum(vars(amounts).values())
    print(f"filled a board of {total:,} tasks in {time.monotonic() - begun:.0f} s", flush=True)
    return url


def _sqlite(directory: Path) -> Callable[[str], str]:
    template = directory / "template.sqlite3"
    _migrate(f"sqlite:///{template}")

    def copy(name: str) -> str:
        shutil.copy(template, directory / f"{name}.sqlite3")
        return f"sqlite:///{directory / name}.sqlite3"

    return copy


@contextlib.contextmanager
def _postgresql() -> Iterator[Callable[[str], str]]:
    with postgres_server.running(durable=True) as url:
        _migrate(url)

        def copy(name: str) -> str:
            with psycopg.connect(url.removesuffix("/postgres") + "/template1", autocommit=True) as server:
                server.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
            return url.removesuffix("/postgres") + f"/{name}"

        yield copy


def _migrate(url: str) -> None:
    settings = {"AGENTBOARD_DATABASE_URL": url, "AGENTBOARD_SECRET_KEY": "unused"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        check=True,
        cwd=ROOT,
        env=os.environ | settings,
    )
