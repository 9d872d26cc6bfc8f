"""A simulation notices every lie a board can tell its agents, and none where there is none."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentboard.cli import main
from agentboard.cli.simulate import claiming, life
from tests.agentboard.cli import fake_board
from tests.agentboard.cli.simulate.lying_board import LyingBoard

pytestmark = pytest.mark.once

Simulate = Callable[..., tuple[int, dict[str, Any], LyingBoard]]

LIES = {
    "gives a task that somebody holds": "held it",
    "gives a task that has to wait": " is todo",
    "has nothing for who is full": "told that there is nothing",
    "forgets a claim": "has lost it",
    "changes a token": "has lost it",
    "adds a task nobody asked for": "never been given",
    "loses a comment": "is not there",
    "writes half a comment": "reads otherwise",
    "writes a comment twice": "twice",
    "lists a task under two agents": "is held by",
    "keeps no history": "its history does not say so",
    "fails": "was answered 500",
}


@pytest.fixture
def quick(home, monkeypatch) -> None:
    """No long pauses, and no waiting for work."""
    monkeypatch.setattr(life, "LONGEST_PAUSE", 0.12)
    monkeypatch.setattr(claiming, "WAIT", 0)
    monkeypatch.setattr("agentboard.cli.simulate.team.LOOK_EVERY", 0.05)


@pytest.fixture
def simulate(quick, capsys) -> Simulate:
    """Play a team of three on a board with this lie: the exit code, the summary and the board."""

    def one(lie: str | None, *options: str) -> tuple[int, dict[str, Any], LyingBoard]:
        with fake_board.serving(LyingBoard(lie)) as board:
            arguments = ["--agents", "3", "--pace", "0.005", "--json", "--url", board.url, *options]
            code = main.main(["simulate", *arguments])
        return code, json.loads(capsys.readouterr().out), board

    return one


@pytest.mark.parametrize(("lie", "told"), LIES.items(), ids=LIES)
def test_a_lie_is_noticed(simulate, lie: str, told: str):
    code, found, board = simulate(lie, "--seconds", "1", "--wip", "2", "--death-rate", "0.1")
    assert board.lied
    assert code == 1
    assert any(told in violation for violation in found["violations"]), found["violations"]


@pytest.mark.parametrize("lie", [None, "takes a task back and says so"])
def test_a_board_that_keeps_its_word_is_believed(simulate, lie: str | None):
    code, found, board = simulate(lie, "--seconds", "2", "--wip", "3", "--death-rate", "0.1")
    assert (code, found["violations"]) == (0, [])
    assert found["deaths"] > 3
    assert found["claims"] + found["found"] >= 3
    assert found["resumes"] > 0
    assert found["comments"] == pytest.approx(board.comment_count, abs=found["deaths"])
    assert found["taken_back"] == (1 if lie else 0)
    assert found["calls"]["comment"]["count"] >= found["comments"]


def test_it_ends_when_nobody_finds_anything_to_claim(simulate):
    code, found, board = simulate(None, "--until-idle", "--wip", "50", "--death-rate", "0")
    assert code == 0
    assert found["claims"] == len(board.tasks)
    assert {task.status for task in board.tasks.values()} == {"doing"}


def test_it_goes_on_with_what_an_earlier_one_left(quick, capsys):
    with fake_board.serving(LyingBoard(None)) as board:
        run = [
            "simulate",
            "--agents",
            "3",
            "--pace",
            "0.005",
            "--json",
            "--url",
            board.url,
            "--seconds",
            "0.5",
        ]
        assert main.main([*run, "--death-rate", "0"]) == 0
        assert main.main([*run, "--death-rate", "0"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["claims"], second["claims"]) == (3, 0)


def test_the_same_seed_decides_the_same(simulate):
    logs = []
    for seed in ("7", "7", "8"):
        _, _, board = simulate(None, "--agents", "1", "--seconds", "1", "--death-rate", "0", "--seed", seed)
        logs.append([comment["kind"] for comment in board.tasks["T-1"].comments])
    compared = min(map(len, logs))
    assert compared >= 6
    first, again, other = (log[:compared] for log in logs)
    assert first == again != other


def test_without_a_terminal_it_prints_a_line_now_and_then_and_the_summary(quick, capsys, monkeypatch):
    monkeypatch.setattr("agentboard.cli.simulate.table.LINE_EVERY", 0.3)
    with fake_board.serving(LyingBoard("fails")) as board:
        code = main.main(
            ["simulate", "--agents", "2", "--pace", "0.01", "--url", board.url, "--seconds", "1"]
        )
    shown = capsys.readouterr().out.splitlines()
    assert code == 1
    assert "requests/s" in shown[0]
    assert any(line.startswith("2 agents, 1 s, seed ") for line in shown)
    assert any(line.startswith("comment ") for line in shown)
    assert any(line.startswith("- sim-") and "was answered 500" in line for line in shown)


def test_in_a_terminal_it_shows_a_table(quick, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with fake_board.serving(LyingBoard(None)) as board:
        main.main(
            [
                "simulate",
                "--agents",
                "2",
                "--pace",
                "0.01",
                "--url",
                board.url,
                "--seconds",
                "1",
                "--prefix",
                "x.",
            ]
        )
    shown = capsys.readouterr().out
    assert "resumes" in shown
    assert "x.2" in shown


def test_a_board_that_is_not_there_is_5(home, capsys):
    assert main.main(["simulate", "--url", "http://127.0.0.1:1"]) == 5
    assert "Nothing answers" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--agents", "0"], ["--agents", "501"], ["--agents", "x"], ["--seconds", "0"], ["--seconds", "nan"],
        ["--death-rate", "2"], ["--death-rate", "x"], ["--wip", "0"], ["--drain", "--until-idle"],
    ],
)  # fmt: skip
def test_an_option_that_makes_no_sense_is_2(home, capsys, options: list[str]):
    with pytest.raises(SystemExit) as ended:
        main.main(["simulate", *options])
    assert ended.value.code == 2


@pytest.mark.parametrize("options", [["--seconds", "1", "--until-idle"], ["--drain", "--agents", "1"]])
def test_options_that_contradict_each_other_are_2_as_well(home, capsys, options: list[str]):
    assert main.main(["simulate", *options]) == 2
    assert "fix:" in capsys.readouterr().err


def test_a_prefix_that_makes_no_names_is_2(home, capsys):
    assert main.main(["simulate", "--prefix", "../"]) == 2
