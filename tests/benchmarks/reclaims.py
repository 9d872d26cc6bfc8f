"""Taking back ten thousand expired leases while agents claim: how long it makes a claim wait.

What a claim takes beside the job has three causes: the machine's two or more cores have more to do, the disk has, and
the claim may have to wait until a transaction of the job ends. Only the last one is the job's to answer for. On SQLite
a claim waits for one such round at most, since writers queue; so the longest round is the longest that one was held up.
On PostgreSQL it waits for no lock that the job has; how many looks at the server found one waiting is counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from tests.benchmarks import boards, bulk, claims, filling
from tests.benchmarks.boards import Board
from tests.real_server import ROOT

EXPIRED = 10_000
_READY = 20_000
_CALLERS = 4
# Says how many it took back, and how many milliseconds each of its transactions lasted once it had its turn.
_JOB = """
import contextlib, json, time
import django
django.setup()
from tasks import jobs
from tasks.domain import transactions
took, change = [], transactions.change
@contextlib.contextmanager
def timed():
    with change():
        begun = time.perf_counter()
        yield
    took.append((time.perf_counter() - begun) * 1000)
transactions.change = timed
print(json.dumps([jobs.take_back(), took]))
"""
_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
_LOOK_EVERY = 0.01
_EXPIRE = (
    "UPDATE tasks_task SET lease_expires_at = last_word_at, stale_at = last_word_at WHERE status = 'doing'"
)


@dataclass(frozen=True)
class Reclaimed:
    """The milliseconds of claims without and with a job beside them that takes back `count` tasks in `seconds`, of its
    `rounds`, and how many of the `looks` at PostgreSQL found somebody `waiting` for a lock."""

    count: int
    seconds: float
    alone: list[float]
    beside: list[float]
    rounds: list[float]
    looks: int
    waiting: int


def measure(database: str, directory: Path) -> Reclaimed:
    """On a board with EXPIRED tasks whose leases have all run out. Raises Unavailable."""
    amounts = replace(filling.Amounts.around(_READY), held=EXPIRED)
    with boards.one(database, amounts, directory) as board:
        with bulk.connect(board.url) as rows:
            rows.execute(_EXPIRE)
            rows.commit()
        claims.through_http(board, callers=_CALLERS)
        alone = [took for _ in range(3) for took in _claims(board)]
        begun = time.monotonic()
        with _job(board.url) as job, _watching(board.url) as looks:
            beside: list[float] = []
            while job.poll() is None:
                beside += _claims(board)
            seconds = time.monotonic() - begun
            assert job.stdout
            count, rounds = json.loads(job.stdout.read())
    return Reclaimed(count, seconds, alone, beside, rounds, len(looks), sum(looks))


def _claims(board: Board) -> list[float]:
    return claims.through_http(board, callers=_CALLERS).milliseconds


@contextlib.contextmanager
def _watching(url: str) -> Iterator[list[bool]]:
    """Whether anybody waited for a lock at each look, as long as the block runs; no looks at SQLite."""
    looks: list[bool] = []
    ended = threading.Event()

    def watch() -> None:
        with psycopg.connect(url, autocommit=True) as server:
            while not ended.wait(_LOOK_EVERY):
                looks.append(bool(server.execute(_WAITING).fetchone()[0]))  # type: ignore[index]

    thread = threading.Thread(target=watch)
    if url.startswith("postgresql:"):
        thread.start()
    try:
        yield looks
    finally:
        ended.set()
        if thread.ident:
            thread.join()


def _job(url: str) -> subprocess.Popen[bytes]:
    settings = {"AGENTBOARD_DATABASE_URL": url, "AGENTBOARD_SECRET_KEY": "unused"}
    environ = os.environ | settings | {"DJANGO_SETTINGS_MODULE": "agentboard.settings"}
    return subprocess.Popen([sys.executable, "-c", _JOB], cwd=ROOT, stdout=subprocess.PIPE, env=environ)
