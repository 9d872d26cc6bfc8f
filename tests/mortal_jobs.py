"""Jobs that die: a process that runs a job of the scheduler in a fork of itself, which is killed where it is to be.

`kill -9` sent from outside hits where the job spends its time; this one is dead before its n-th statement, or in the
middle of its n-th commit, for any n. This file is also what runs in that process.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ROWS_A_ROUND = 3


@dataclass(frozen=True)
class Ended:
    """How a job came to its end: `points` is how many times it could have died, if it did not."""

    killed: bool
    points: int
    seconds: float


class Runner:
    """Runs jobs, named by their dotted path, on the database `name`, one after the other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def run(self, job: str, *, name: str, dies_at: int = 0, dies_after: float = 0) -> Ended:
        """Run it to its end; or until its `dies_at`-th point, counted from 1, or `dies_after` seconds have passed."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"job": job, "name": name, "dies_at": dies_at, "dies_after": dies_after}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))


@contextlib.contextmanager
def runner() -> Iterator[Runner]:
    """Keep the process while the block runs."""
    command = [sys.executable, "-m", "tests.mortal_jobs"]
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "agentboard.settings",
        "AGENTBOARD_DIGEST_EVERY": "3650d",
        "AGENTBOARD_WEBHOOK_PRIVATE": "127.0.0.1",
    }
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ) as process:
        try:
            yield Runner(process)
        finally:
            assert process.stdin
            process.stdin.close()


def in_small_rounds() -> None:
    """Have the jobs of this process work in rounds of ROWS_A_ROUND, so that few rows are many transactions."""
    from tasks.domain import rounds

    rounds.FEWEST = dict.fromkeys(rounds.FEWEST, ROWS_A_ROUND)
    rounds.MOST = ROWS_A_ROUND


def clock() -> None:
    """What the scheduler does every few seconds, at a time that stands still: there is no minute that could pass."""
    from agentboard import schedules

    schedules.enqueue_due(now=datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC))


def careless() -> None:
    """A job as none may be: the flag in one transaction, and what is said about it in another."""
    from django.db import transaction
    from django.utils import timezone

    from tasks.domain import events
    from tasks.models import Task

    for task_id in Task.objects.filter(status="doing", flagged_at=None).values_list("pk", flat=True):
        Task.objects.filter(pk=task_id).update(flagged_at=timezone.now())
        with transaction.atomic():
            events.record("task.stale", now=timezone.now(), task_id=task_id)


# From here on: the process.


def serve() -> None:
    """Do what standard input says, a line of JSON for each job, and say how it ended."""
    import django

    django.setup()
    in_small_rounds()
    for line in sys.stdin:
        print(json.dumps(_fork(**json.loads(line))), flush=True)


def _fork(*, job: str, name: str, dies_at: int, dies_after: float) -> dict[str, Any]:
    reading, writing = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if not child:
        _run(job, name=name, dies_at=dies_at, tell=writing)
    os.close(writing)
    if dies_after:
        time.sleep(dies_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    points = int(os.read(reading, 20) or 0)
    os.close(reading)
    if status and not os.WIFSIGNALED(status):
        raise RuntimeError(f"{job} failed")
    return {"killed": bool(status), "points": points, "seconds": time.monotonic() - begun}


def _run(job: str, *, name: str, dies_at: int, tell: int) -> None:
    from django.db import connections

    code = 1
    try:
        connections.settings["default"]["NAME"] = name
        connection = connections["default"]
        counted = itertools.count(1)
        done = 0

        def point() -> None:
            nonlocal done
            done = next(counted)
            if done == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

        def statement(execute: Any, *arguments: Any) -> Any:
            point()
            return execute(*arguments)

        def commit() -> None:
            point()
            really_commit()
            point()

        really_commit = connection._commit
        connection._commit = commit
        connection.execute_wrappers.append(statement)
        room, _, function = job.rpartition(".")
        getattr(importlib.import_module(room), function)()
        os.write(tell, str(done).encode())
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
