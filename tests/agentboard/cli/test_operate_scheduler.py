"""`agentboard scheduler`: one process that looks after the board, and leaves nobody behind."""

import contextlib
import signal
import subprocess
import time
from pathlib import Path

import pytest
from django.db import connections
from django_q.models import OrmQ, Schedule, Success

from agentboard import schedules
from tests.agentboard.cli import operating

JOBS = {one.name for one in schedules.table()}


def eventually(holds, within=30):
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def did():
    return set(Success.objects.values_list("group", flat=True))


def family(pid):
    """The processes below one, all the way down."""
    with contextlib.suppress(OSError):
        below = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [*below, *(far for one in below for far in family(one))]
    return []


def runs(pid):
    # A process that has ended and was not waited for yet counts as ended.
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.journey
def test_it_does_every_job_and_ends_when_told_to_with_all_its_processes(own_board, tmp_path):
    with operating.running("scheduler", DATABASE_URL=own_board, DATA_DIR=tmp_path) as process:
        eventually(lambda: did() == JOBS)
        eventually(lambda: not OrmQ.objects.exists())
        pids = family(process.pid)
        began = time.monotonic()
        ran = operating.end(process, signal.SIGTERM)
    assert ran.code == 0
    assert time.monotonic() - began < 10
    assert pids
    assert not [pid for pid in pids if runs(pid)]
    assert "Traceback" not in ran.err
    assert set(Schedule.objects.values_list("name", flat=True)) == JOBS


@pytest.mark.journey
def test_killed_outright_it_leaves_nobody_who_goes_on_taking_jobs(own_board, tmp_path):
    with operating.running("scheduler", DATABASE_URL=own_board, DATA_DIR=tmp_path) as process:
        eventually(lambda: did() == JOBS)
        pids = family(process.pid)
        assert len(pids) == 4
        process.kill()
        process.wait()
        eventually(lambda: not [pid for pid in pids if runs(pid)], within=5)


@pytest.mark.journey
def test_two_of_them_share_a_board_on_postgresql_and_one_has_it_on_sqlite(own_board, tmp_path):
    with operating.running("scheduler", DATABASE_URL=own_board, DATA_DIR=tmp_path / "a", SECRET_KEY="s"):
        eventually(lambda: did() == JOBS)
        if own_board.startswith("sqlite"):
            ran = operating.run("scheduler", DATABASE_URL=own_board, DATA_DIR=tmp_path / "b")
            assert ran.code == 3
            assert "is looked after by process" in ran.err
            return
        with operating.running("scheduler", DATABASE_URL=own_board, DATA_DIR=tmp_path / "b", SECRET_KEY="s"):
            for _ in range(3):
                before = Success.objects.filter(group="take_back").count()
                Schedule.objects.filter(name="take_back").update(next_run="2026-01-01T00:00Z")
                eventually(lambda before=before: Success.objects.filter(group="take_back").count() > before)
                time.sleep(1)
                assert Success.objects.filter(group="take_back").count() == before + 1
    connections.close_all()
