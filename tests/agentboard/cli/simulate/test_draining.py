"""A team that drains a board notices every lie about what was handed in, judged and finished."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentboard.cli import main
from agentboard.cli.simulate import claiming, finishing, life
from tests.agentboard.cli import fake_board
from tests.agentboard.cli.simulate.finishing_board import FinishingBoard

pytestmark = pytest.mark.once

Drain = Callable[..., tuple[int, dict[str, Any], FinishingBoard]]

LIES = {
    "finishes a task twice": "was finished twice",
    "overtakes a dependency": "which it waits for, was finished",
    "gives out a finished task": "after it was finished",
    "gives a worker its own work to judge": "to judge, which it has worked on",
    "takes the verdict of a worker": "who has worked on it",
    "refuses a verdict it has asked for": "then refused as not_the_reviewer",
    "loses a submission": "which it has never been given",
    "loses a verdict": "judged a second time",
    "forgets the notes": "without the notes of",
    "changes the evidence": "reads otherwise",
    "finishes without a review": "is finished, and its history does not say so",
    "leaves a task behind": "T-1 was not finished, and is left todo",
}


@pytest.fixture
def drain(home, monkeypatch, capsys) -> Drain:
    """Drain a board that tells the lie, without long pauses; gives the exit code, the summary and the board."""
    monkeypatch.setattr(life, "LONGEST_PAUSE", 0.12)
    monkeypatch.setattr(life, "IDLE", 0.02)
    monkeypatch.setattr(finishing, "REJECTED", 0.5)
    monkeypatch.setattr("agentboard.cli.simulate.team.LOOK_EVERY", 0.05)

    def one(lie: str | None, *options: str) -> tuple[int, dict[str, Any], FinishingBoard]:
        with fake_board.serving(FinishingBoard(lie)) as board:
            arguments = [
                "--agents",
                "3",
                "--pace",
                "0.002",
                "--drain",
                "--json",
                "--url",
                board.url,
                *options,
            ]
            code = main.main(["simulate", *arguments])
        return code, json.loads(capsys.readouterr().out), board

    return one


@pytest.mark.parametrize(("lie", "told"), LIES.items(), ids=LIES)
def test_a_lie_is_noticed(drain, lie: str, told: str):
    code, found, board = drain(lie, "--seconds", "10", "--death-rate", "0")
    assert board.lied
    assert code == 1
    assert any(told in violation for violation in found["violations"]), found["violations"]


@pytest.mark.parametrize("options", [["--death-rate", "0.15"], ["--death-rate", "0", "--wip", "3"]])
def test_a_board_that_keeps_its_word_is_drained_and_believed(drain, options: list[str]):
    code, found, board = drain(None, *options)
    assert (code, found["violations"], found["left"]) == (0, [], {})
    assert {task.status for task in board.tasks.values()} == {"done"}
    assert found["rejections"] > 0
    assert (found["deaths"] > 0) == (options[1] != "0")
    verdicts = [one for task in board.tasks.values() for one in task.events if one["kind"] == "task.approved"]
    assert len(verdicts) == len(board.tasks)


def test_what_nobody_may_be_given_is_counted_and_no_fault(drain, monkeypatch):
    ready, shown = FinishingBoard._is_ready, FinishingBoard._show
    monkeypatch.setattr(
        FinishingBoard, "_is_ready", lambda self, task: task.ref not in ("T-1", "T-2") and ready(self, task)
    )
    facts = {
        "T-1": {"done_criteria": []},
        "T-2": {"skills": ["juggling"]},
    }
    monkeypatch.setattr(
        FinishingBoard, "_show", lambda self, asked, ref: shown(self, asked, ref) | facts.get(ref, {})
    )
    code, found, _ = drain(None, "--death-rate", "0")
    assert (code, found["violations"]) == (0, [])
    assert found["left"] == {"have no done criteria": 1, "are for other agents": 1, "wait for others": 1}


@pytest.mark.parametrize(("via", "code"), [("import", 0), ("approval", 1)])
def test_what_was_finished_before_is_looked_at_although_who_should_have_has_died(
    drain, monkeypatch, via, code
):
    begin, shown = FinishingBoard.__init__, FinishingBoard._show

    def begin_with_one_done(self, lie: str | None) -> None:
        begin(self, lie)
        self.tasks["T-2"].status = "done"

    monkeypatch.setattr(claiming, "_check_blocker", lambda session, task, blocker: None)
    monkeypatch.setattr(FinishingBoard, "__init__", begin_with_one_done)
    monkeypatch.setattr(
        FinishingBoard, "_show", lambda self, asked, ref: shown(self, asked, ref) | {"done_via": via}
    )
    ended, found, _ = drain(None, "--death-rate", "0")
    assert ended == code
    assert any("before T-2, which it waits for" in one for one in found["violations"]) == bool(code)


def test_a_board_that_is_not_drained_in_time_is_a_fault_that_names_the_tasks(drain):
    code, found, board = drain(None, "--seconds", "0.1", "--death-rate", "0")
    assert code == 1
    unfinished = [ref for ref, task in board.tasks.items() if task.status != "done"]
    assert unfinished
    assert any(unfinished[0] in violation for violation in found["violations"])


def test_without_being_told_to_nobody_finishes_anything(drain, home, capsys):
    with fake_board.serving(FinishingBoard(None)) as board:
        main.main(["simulate", "--pace", "0.005", "--seconds", "0.5", "--json", "--url", board.url])
    assert {task.status for task in board.tasks.values()} <= {"todo", "doing"}


def test_the_summary_for_people_says_what_is_left(drain, capsys, monkeypatch):
    monkeypatch.setattr(FinishingBoard, "_is_ready", lambda self, task: not task.depends_on)
    shown = FinishingBoard._show
    monkeypatch.setattr(
        FinishingBoard, "_show", lambda self, asked, ref: shown(self, asked, ref) | {"done_criteria": []}
    )
    with fake_board.serving(FinishingBoard(None)) as board:
        code = main.main(["simulate", "--agents", "3", "--pace", "0.002", "--drain", "--url", board.url])
    out = capsys.readouterr().out
    assert code == 0
    assert "left, because nobody of the team may be given them: 5 have no done criteria" in out
