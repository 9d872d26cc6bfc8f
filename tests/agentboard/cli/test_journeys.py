"""Agents at work through the command line, against a real server: every command is a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests import real_server

pytestmark = [pytest.mark.journey, pytest.mark.once]

Command = Callable[..., subprocess.CompletedProcess[str]]

BACKLOG = [
    {
        "title": f"Task {number}",
        "external_id": f"b-{number}",
        "done_criteria": ["It works"],
        "priority": f"P{number % 4}",
        "depends_on": [f"b-{number - 1}"] if number % 5 == 4 else [],
        "labels": ["withdrawn"] if number in (3, 23) else [],
    }
    for number in range(60)
]


@pytest.fixture
def command(tmp_path) -> Command:
    """Run `agentboard …` as an agent against a server: `command(server, "ada", "next")`."""

    def one(
        server: real_server.RealServer, agent: str, *arguments: str, piped: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "agentboard.cli.main", *arguments],
            check=False,
            cwd=real_server.ROOT,
            env=_environment(server, agent, tmp_path),
            input=piped,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return one


def _environment(server: real_server.RealServer, agent: str, home: object) -> dict[str, str]:
    ours = {"AGENTBOARD_URL": server.url, "AGENTBOARD_AGENT": agent, "XDG_STATE_HOME": str(home)}
    return {name: value for name, value in os.environ.items() if not name.startswith("AGENTBOARD_")} | ours


def fill(server: real_server.RealServer, command: Command) -> None:
    """The backlog: 60 tasks, 12 of which wait for another, two of those for one that was given up."""
    done = command(server, "olga", "create", "--batch", "-", piped=json.dumps(BACKLOG))
    assert done.stdout == "60 tasks: T-1 to T-60.\n", done.stderr
    for task in json.loads(command(server, "olga", "tasks", "--label", "withdrawn", "--json").stdout)[
        "tasks"
    ]:
        assert command(server, "olga", "cancel", task["id"], "Withdrawn").returncode == 0


def test_two_agents_work_and_one_of_them_comes_back_after_its_session_died(own_board, command):
    with real_server.running(own_board) as server:
        assert (
            command(
                server, "olga", "create", "Fix login", "--criterion", "It works", "--priority", "P0"
            ).returncode
            == 0
        )
        assert (
            command(server, "olga", "create", "Write docs", "--criterion", "They read well").returncode == 0
        )

        assert command(server, "ada", "next").stdout.startswith("# T-1 Fix login\n")
        assert command(server, "bob", "next").stdout.startswith("# T-2 Write docs\n")
        assert command(server, "zed", "next").returncode == 4
        told = command(server, "ada", "comment", "T-1", "--kind", "failed", piped="Pinning\ndid not help.\n")
        assert "your lease runs for" in told.stdout
        assert command(server, "bob", "claim", "T-1").returncode == 3

        again = command(server, "ada", "next").stdout
        assert "You hold this task already" in again
        assert (
            "ada, failed, 0 s ago:\n> Pinning\n> did not help." in again
            or "> Pinning\n> did not help." in again
        )
        assert "> did not help." in command(server, "zed", "log", "1").stdout
        assert "task.claimed by ada" in command(server, "zed", "events", "1").stdout
        assert "Held by ada" in command(server, "zed", "show", "1").stdout
        assert "ada working [holds T-1" in command(server, "zed", "agents").stdout


def test_a_lease_that_was_taken_is_not_shown_a_second_time(own_board, command):
    with real_server.running(own_board) as server:
        command(server, "olga", "create", "Fix login", "--criterion", "It works")
        command(server, "ada", "next")
        assert command(server, "olga", "release", "1", "Somebody else is faster").returncode == 0
        assert command(server, "bob", "next").returncode == 0

        refused = command(server, "ada", "comment", "1", "Done!")
        assert refused.returncode == 3
        assert refused.stderr.startswith("agentboard: Your lease on T-1 was taken back at ")
        assert (
            "Somebody else is faster. bob holds it now.\nfix: Stop this work; `agentboard" in refused.stderr
        )
        assert command(server, "ada", "comment", "1", "What did you find?").returncode == 0
        log = command(server, "zed", "log", "1").stdout
        assert "What did you find?" in log
        assert "Done!" not in log


def test_a_task_is_handed_in_rejected_reworked_and_approved(own_board, command):
    with real_server.running(own_board) as server:
        written = ["create", "Fix login", "--criterion", "It works", "--criterion", "A test shows it"]
        command(server, "olga", *written, "--reviewer", "rita")
        command(server, "ada", "next")
        refused = command(server, "ada", "submit", "1", "Fixed", "--evidence", "1=Ran it")
        assert refused.returncode == 2
        assert "2" in refused.stderr
        handed_in = ["submit", "1", "--evidence", "1=Ran it", "--evidence-file", "-"]
        assert command(server, "ada", *handed_in, "Fixed", piped="2=See\ntest_login\n").returncode == 0
        assert "T-1 Fix login [by ada; reviewer rita" in command(server, "zed", "reviews").stdout
        assert command(server, "ada", "review").returncode == 4

        assert "For criterion 2:\n> See\n> test_login" in command(server, "rita", "review").stdout
        reject = [
            "review",
            "t-1",
            "--reject",
            "--met",
            "1=Ran it too",
            "--unmet",
            "2=It passes without the fix",
        ]
        assert command(server, "rita", *reject).returncode == 0
        again = command(server, "ada", "next").stdout
        assert "## rita has rejected submission 1: answer every note" in again
        assert "Criterion 2 is NOT met:\n> It passes without the fix" in again

        assert command(server, "ada", *handed_in, "Now it fails", piped="2=See it fail").returncode == 0
        outdated = ["review", "T-1", "--approve", "--met", "1=x", "--met", "2=x", "--submission", "1"]
        refused = command(server, "rita", *outdated)
        assert (refused.returncode, "fix: `agentboard review` gives it" in refused.stderr) == (3, True)
        command(server, "rita", "review")
        assert command(server, "rita", *outdated[:-2]).stdout == "T-1 is done.\n"
        assert "done, approved by its reviewer," in command(server, "zed", "show", "1").stdout
        assert "ada: 1 done, 1 rejected" in command(server, "zed", "stats", "--since", "1d").stdout


def test_who_waits_is_given_what_comes_up(own_board, command, tmp_path):
    with real_server.running(own_board) as server:
        began = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", "agentboard.cli.main", "next", "--wait", "45"],
            cwd=real_server.ROOT,
            env=_environment(server, "ada", tmp_path),
            stdout=subprocess.PIPE,
            text=True,
        ) as waiting:
            _until_seen(server, command, "ada")
            command(server, "olga", "create", "Fix login", "--criterion", "It works")
            shown, _ = waiting.communicate(timeout=30)
        assert waiting.returncode == 0
        assert shown.startswith("# T-1 Fix login\n")
        assert time.monotonic() - began < 40


def test_a_killed_server_loses_nothing_that_it_confirmed(own_board, command):
    with real_server.running(own_board) as server:
        fill(server, command)
        first = json.loads(command(server, "ada", "next", "--json").stdout)
        task = first["task"]["id"]
        assert command(server, "ada", "comment", task, "Half way").returncode == 0
        server.kill()
        assert command(server, "ada", "next").returncode == 5
    with real_server.running(own_board, port=urlsplit(server.url).port or 0) as server:
        again = json.loads(command(server, "ada", "next", "--json").stdout)
        assert (again["resumed"], again["task"]["id"], again["lease"]["token"]) == (
            True,
            task,
            first["lease"]["token"],
        )
        assert [entry["text"] for entry in again["log"]] == ["Half way"]


def test_a_team_whose_sessions_die_finds_that_the_board_keeps_its_word(own_board, command):
    with real_server.running(own_board) as server:
        fill(server, command)
        options = ["--agents", "8", "--seconds", "6", "--death-rate", "0.1", "--wip", "3", "--pace", "0.05"]
        done = command(server, "olga", "simulate", *options, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["violations"]) == (0, []), done.stderr
    assert found["claims"] >= 8
    assert found["deaths"] >= 8
    assert found["resumes"] >= 1
    assert found["comments"] >= 8


def test_a_team_whose_server_is_killed_finds_that_the_board_keeps_its_word(own_board, command, tmp_path):
    with real_server.running(own_board) as server:
        fill(server, command)
        with subprocess.Popen(
            [
                sys.executable,
                "-m",
                "agentboard.cli.main",
                "simulate",
                "--seconds",
                "10",
                "--wip",
                "3",
                "--json",
            ],
            cwd=real_server.ROOT,
            env=_environment(server, "olga", tmp_path),
            stdout=subprocess.PIPE,
            text=True,
        ) as playing:
            _until_seen(server, command, "sim-8")
            time.sleep(1.5)
            server.kill()
            with real_server.running(own_board, port=urlsplit(server.url).port or 0):
                summary, _ = playing.communicate(timeout=90)
    found = json.loads(summary)
    assert (playing.returncode, found["violations"]) == (0, [])
    assert found["cut_off"] >= 1
    assert found["claims"] >= 8


def _until_seen(server: real_server.RealServer, command: Command, agent: str) -> None:
    deadline = time.monotonic() + 20
    while command(server, "zed", "agents", agent).returncode != 0:
        assert time.monotonic() < deadline
