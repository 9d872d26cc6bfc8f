"""Taking back ten thousand expired leases while agents claim: how long it makes a claim wait."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks import boards, bulk, claims, filling
from tests.benchmarks.boards import Board
from tests.real_server import ROOT

EXPIRED = 10_000
_READY = 20_000
_CALLERS = 4
_JOB = "import django; django.setup(); from tasks import jobs; print(jobs.take_back())"
_EXPIRE = (
    "UPDATE tasks_task SET lease_expires_at = last_word_at, stale_at = last_word_at WHERE status = 'doing'"
)


@dataclass(frozen=True)
class Reclaimed:
    """The milliseconds of claims without and with a job beside them that takes back `count` tasks in `seconds`."""

    count: int
    seconds: float
    alone: list[float]
    beside: list[float]


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
        with _job(board.url) as job:
            beside: list[float] = []
            while job.poll() is None:
                beside += _claims(board)
            seconds = time.monotonic() - begun
            assert job.stdout
            count = int(job.stdout.read())
    return Reclaimed(count, seconds, alone, beside)


def _claims(board: Board) -> list[float]:
    return claims.through_http(board, callers=_CALLERS).milliseconds


def _job(url: str) -> subprocess.Popen[bytes]:
    settings = {"AGENTBOARD_DATABASE_URL": url, "AGENTBOARD_SECRET_KEY": "unused"}
    environ = os.environ | settings | {"DJANGO_SETTINGS_MODULE": "agentboard.settings"}
    return subprocess.Popen([sys.executable, "-c", _JOB], cwd=ROOT, stdout=subprocess.PIPE, env=environ)
