"""Killings: where a job of `tests.mortal_jobs` is to die, and the wait until all of it is dead."""

from __future__ import annotations

import os
import random
import time
from typing import Any

from django.db import connection, connections

from tests.mortal_jobs import Ended, Runner

# How often each job is killed; `make kills` says 50.
KILLS = int(os.environ.get("KILLS", "3"))


def kills(whole: Ended) -> list[dict[str, Any]]:
    """How to kill a job KILLS times, given how it ends by itself: at so many of its points, and at random moments if it
    has fewer."""
    every = range(1, whole.points + 1)
    points = every if whole.points <= KILLS else sorted(random.sample(every, KILLS))
    moments = [random.uniform(0, whole.seconds) for _ in range(KILLS - len(points))]
    return [{"dies_at": at} for at in points] + [{"dies_after": at} for at in moments]


def run(runner: Runner, job: str, **how: Any) -> Ended:
    """Run the job, named by its dotted path, on the test's board."""
    connections["default"].close()
    return runner.run(job, name=connections.settings["default"]["NAME"], **how)


def wait_until_it_is_gone() -> None:
    """PostgreSQL takes a moment to see that whoever was connected is dead; until then its locks last."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 30
    while connection.vendor == "postgresql" and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(others)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.002)
