"""`up`: children that are kept running, and that end with their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.agentboard.serve import callers

pytestmark = pytest.mark.once

STAND_IN = "-m", "tests.agentboard.serve.stand_in"
# Notes its own process and that of a child it starts, then sleeps.
FAMILY = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
note = pathlib.Path(sys.argv[1], str(os.getpid()))
note.with_suffix(".draft").write_text(str(child.pid))
note.with_suffix(".draft").rename(note)
time.sleep(60)
"""
# The same, but neither of the two ends when asked to.
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + FAMILY.replace(
    '"import time; ', '"import time, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); '
)
# As in a terminal, however this suite was started itself.
ATTACHED = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)"
# Complains and ends, once there is a file named go.on.
COMPLAINING = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1], "go.on").exists():
    time.sleep(0.01)
print("set it right", file=sys.stderr)
raise SystemExit(int(sys.argv[2]))
"""


def up(*commands: tuple[str, ...], settings: str = "pass") -> tuple[str, str]:
    """Arguments for a process that runs `up` over Python children."""
    argvs = [(f"child{number}", [sys.executable, *command]) for number, command in enumerate(commands)]
    return (
        "-c",
        f"from agentboard.serve import supervisor; {settings}; raise SystemExit(supervisor.up({argvs!r}))",
    )


def family(directory: Path, *, count: int = 1) -> list[tuple[int, int]]:
    """The (child, grandchild) processes noted so far, once there are `count`."""

    def notes() -> list[Path]:
        return [note for note in directory.iterdir() if not note.suffix]

    callers.eventually(lambda: len(notes()) >= count, within=10)
    return [(int(note.name), int(note.read_text())) for note in notes()]


def alive(pid: int) -> bool:
    # A process that has ended and was not waited for yet counts as ended.
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state.strip()) and not state.startswith("Z")


def all_gone(pids: list[tuple[int, int]]) -> Callable[[], bool]:
    return lambda: not any(alive(pid) for pair in pids for pid in pair)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_ends_all_children_and_theirs(start, tmp_path, number):
    process = start(*up(("-c", FAMILY, str(tmp_path)), ("-c", FAMILY, str(tmp_path)), settings=ATTACHED))
    pids = family(tmp_path, count=2)
    process.popen.send_signal(number)

    assert process.end() == 0
    callers.eventually(all_gone(pids))
    assert process.lines == []


def test_under_nohup_it_outlives_its_terminal(start, tmp_path):
    process = start(*up(("-c", FAMILY, str(tmp_path)), settings=ATTACHED.replace("SIG_DFL", "SIG_IGN")))
    pids = family(tmp_path)
    process.popen.send_signal(signal.SIGHUP)
    time.sleep(0.2)

    assert process.popen.poll() is None
    assert all(alive(pid) for pair in pids for pid in pair)


def test_stopping_lets_the_web_process_answer_those_who_wait(start):
    process = start(*up((*STAND_IN, "0")))
    port = process.port()
    with callers.send(port, "GET /next?wait=40 HTTP/1.1\nHost: x\n\n") as sock:
        callers.eventually(lambda: len(callers.ask(port, "/process").json["offered"]) == 1)
        process.popen.send_signal(signal.SIGTERM)
        assert callers.read(sock).json == {"task": None, "last": False}
    assert process.end() == 0


def test_children_that_do_not_listen_are_killed_in_time(start, tmp_path):
    process = start(*up(("-c", STUBBORN, str(tmp_path)), settings="supervisor.STOP_SECONDS = 0.5"))
    pids = family(tmp_path)
    process.popen.send_signal(signal.SIGTERM)
    began = time.monotonic()

    assert process.end() == 0
    assert 0.4 < time.monotonic() - began < 5
    assert all_gone(pids)()


def test_a_second_signal_kills_at_once(start, tmp_path):
    process = start(*up(("-c", STUBBORN, str(tmp_path))))
    pids = family(tmp_path)
    process.popen.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert process.popen.poll() is None
    process.popen.send_signal(signal.SIGINT)
    again = time.monotonic()

    assert process.end() == 0
    assert time.monotonic() - again < 5
    assert all_gone(pids)()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_killed_outright_it_leaves_no_orphan(start, tmp_path):
    process = start(*up((*STAND_IN, "0"), ("-c", "import time; time.sleep(60)")))
    web = callers.ask(process.port(), "/process").json["pid"]
    asked = ["ps", "-o", "pid=", "--ppid", str(process.popen.pid)]
    children = [int(pid) for pid in subprocess.check_output(asked, text=True).split()]
    assert web in children
    assert len(children) == 2
    process.popen.kill()

    assert process.end() == -signal.SIGKILL
    callers.eventually(lambda: not any(alive(child) for child in children))


def test_a_child_that_dies_is_started_again_without_what_it_left_behind(start, tmp_path):
    process = start(*up(("-c", FAMILY, str(tmp_path))))
    [(child, grandchild)] = family(tmp_path)
    os.kill(child, signal.SIGKILL)

    pids = family(tmp_path, count=2)
    assert not alive(grandchild)
    assert process.lines == ["agentboard: child0 was killed by signal 9; starting it again in 0.5 s.\n"]
    assert alive(max(pids, key=lambda pair: pair[0] != child)[0])


def test_a_child_that_keeps_dying_is_given_longer_and_longer_pauses(start):
    process = start(
        *up(
            ("-c", "raise SystemExit(7)"),
            settings="supervisor.FIRST_PAUSE, supervisor.LONGEST_PAUSE = 0.1, 0.4",
        )
    )
    callers.eventually(lambda: len(process.lines) >= 4)

    assert process.lines[:4] == [
        f"agentboard: child0 ended with exit code 7; starting it again in {pause} s.\n"
        for pause in ("0.1", "0.2", "0.4", "0.4")
    ]


def test_the_pause_is_short_again_for_a_child_that_lived_long(start):
    process = start(
        *up(
            ("-c", "raise SystemExit(7)"),
            settings="supervisor.STABLE_SECONDS, supervisor.FIRST_PAUSE = 0, 0.1",
        )
    )
    callers.eventually(lambda: len(process.lines) >= 3)

    assert {line.rpartition("in ")[2] for line in process.lines} == {"0.1 s.\n"}


@pytest.mark.parametrize("code", [2, 3, 78])
def test_a_child_that_is_misconfigured_ends_everything_with_its_code(start, tmp_path, code):
    process = start(*up(("-c", FAMILY, str(tmp_path)), ("-c", COMPLAINING, str(tmp_path), str(code))))
    pids = family(tmp_path)
    (tmp_path / "go.on").touch()

    assert process.end() == code
    assert all_gone(pids)()
    assert process.lines == ["set it right\n"]


def test_a_port_in_use_ends_everything_with_the_same_sentence(start):
    port = start(*STAND_IN, "0").port()
    process = start(*up((*STAND_IN, str(port))))

    assert process.end() == 1
    assert len(process.lines) == 1
    assert process.lines[0].startswith(f"agentboard: Port {port} of 127.0.0.1 is in use")


def test_a_command_that_does_not_exist_is_one_sentence(start):
    program = (
        "from agentboard.serve import supervisor; raise SystemExit(supervisor.up([('web', ['/no/such'])]))"
    )
    process = start("-c", program)

    assert process.end() == 1
    assert process.lines == [
        "agentboard: web cannot be started: [Errno 2] No such file or directory: '/no/such'.\n"
    ]
