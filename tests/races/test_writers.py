"""The writers of a board on SQLite come in one by one, whichever process they are in."""

import contextlib
import subprocess
import sys
import threading
import time

import pytest
from django.db import connections

from tasks.domain import agents, transactions, writers
from tasks.models import Agent
from tests.conftest import NOW

pytestmark = [
    pytest.mark.race,
    pytest.mark.skipif(
        not connections.settings["default"]["ENGINE"].endswith("sqlite3"),
        reason="PostgreSQL has any number of writers",
    ),
]
# Takes the turn as a writer does, says so, and keeps it until its standard input ends.
OTHER = """
import fcntl, os, sys
file = os.open(sys.argv[1] + ".writers.lock", os.O_RDWR | os.O_CREAT)
fcntl.lockf(file, fcntl.LOCK_EX, 1, int(sys.argv[2]))
print("mine", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def another_process(board, *, holds=writers._TURN):
    path = board.removeprefix("sqlite:///")
    command = [sys.executable, "-c", OTHER, path, str(holds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"mine\n"
        yield process.stdin


def write(done):
    with transactions.change():
        agents.register("ada", now=NOW)
        done.append(time.monotonic())
    connections.close_all()


@pytest.mark.parametrize("holds", [writers._TURN, writers._NEXT])
def test_a_writer_waits_while_another_process_has_the_turn_or_is_the_next(own_board, monkeypatch, holds):
    monkeypatch.setattr(writers, "PATIENCE", 60)
    done = []
    with another_process(own_board, holds=holds) as held:
        thread = threading.Thread(target=write, args=[done])
        thread.start()
        thread.join(0.3)
        assert done == []
        held.close()
        thread.join(30)
    assert len(done) == 1


def test_a_writer_that_has_waited_too_long_tries_its_luck(own_board, monkeypatch):
    monkeypatch.setattr(writers, "PATIENCE", 0.2)
    done = []
    begun = time.monotonic()
    with another_process(own_board):
        write(done)
    assert done[0] - begun >= 0.2
    assert Agent.objects.count() == 1
