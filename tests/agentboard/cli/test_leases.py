"""Nobody types a lease: it is remembered for each board, agent and task, and forgotten when it is lost."""

import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from agentboard.cli import callers
from agentboard.cli.leases import Leases
from tests.agentboard.cli.fake_board import packet, problem

pytestmark = pytest.mark.once

RECEIPT = {"id": 5, "on": "T-12", "status": "doing", "expires_in": 3600}
LOST = problem(409, "lease_lost", "bob holds T-12 now.", "Stop this work.")


def held(number: int = 12, token: int = 41) -> dict:
    return {"task": {"id": f"T-{number}"}, "lease": {"token": token}}


def leases(home: Path, *, agent: str = "ada", url: str = "http://here:8000") -> Leases:
    caller = callers.identify({}, url=url, agent=agent)
    return Leases(caller, {"XDG_STATE_HOME": str(home)})


def shown(board) -> list:
    return [one.body.get("lease") for one in board.asked if one.path.endswith("/comments")]


@pytest.mark.parametrize(
    ("command", "call", "answer"),
    [
        (["next"], "GET /tasks/next", packet()),
        (["claim", "12"], "POST /tasks/12/claim", packet()),
        (["active"], "GET /tasks/active", {"tasks": [packet(resumed=True)]}),
    ],
)
@pytest.mark.parametrize("ref", ["T-12", "12", "t-12"])
def test_whatever_hands_over_work_has_its_lease_remembered(run, board, command, call, answer, ref: str):
    board.says(call, answer)
    board.says(f"POST /tasks/{ref}/comments", RECEIPT)
    assert run(*command).code == 0
    ran = run("comment", ref, "It works")
    assert ran.out == "Comment 5 is in the log of T-12, which is doing; your lease runs for 1 h.\n"
    assert shown(board) == [41]


def test_a_comment_on_a_task_of_somebody_else_shows_none(run, board):
    board.says("POST /tasks/T-12/comments", {"id": 5, "on": "T-12", "status": "doing"})
    assert (
        run("comment", "T-12", "Have you seen this?").out
        == "Comment 5 is in the log of T-12, which is doing.\n"
    )
    assert board.asked[0].body == {"kind": "note", "text": "Have you seen this?"}


def test_a_lease_that_is_given_comes_before_the_remembered_one(run, board):
    board.says("GET /tasks/next", packet())
    board.says("POST /tasks/T-12/comments", RECEIPT)
    run("next")
    run("comment", "T-12", "x", "--lease", "7")
    assert shown(board) == [7]


def test_another_agent_and_another_board_are_not_shown_it(run, board):
    board.says("GET /tasks/next", packet())
    board.says("POST /tasks/T-12/comments", RECEIPT)
    run("next")
    run("comment", "T-12", "x", "--agent", "bob")
    run("comment", "T-12", "x", "--url", board.url.replace("127.0.0.1", "localhost"))
    assert shown(board) == [None, None]


def test_a_lost_lease_is_told_and_forgotten(run, board):
    board.says("GET /tasks/next", packet())
    board.says("POST /tasks/T-12/comments", LOST, RECEIPT)
    run("next")
    ran = run("comment", "T-12", "x")
    assert (ran.code, ran.err) == (3, "agentboard: bob holds T-12 now.\nfix: Stop this work.\n")
    run("comment", "T-12", "x")
    assert shown(board) == [41, None]


def test_another_refusal_does_not_forget_it(run, board):
    board.says("GET /tasks/next", packet())
    board.says("POST /tasks/T-12/comments", problem(422, "invalid"), RECEIPT)
    run("next")
    run("comment", "T-12", "x")
    run("comment", "T-12", "x")
    assert shown(board) == [41, 41]


def test_active_forgets_what_is_not_held_any_more(run, board):
    board.says("GET /tasks/next", packet())
    board.says("GET /tasks/active", {"tasks": []})
    board.says("POST /tasks/T-12/comments", RECEIPT)
    run("next")
    run("active")
    run("comment", "T-12", "x")
    assert shown(board) == [None]


def test_a_task_that_is_cancelled_is_forgotten(run, board):
    board.says("GET /tasks/next", packet())
    board.says("POST /tasks/T-12/cancel", {"id": "T-12", "status": "cancelled"})
    board.says("POST /tasks/T-12/comments", RECEIPT)
    run("next")
    assert run("cancel", "T-12", "Withdrawn").out == "T-12 is cancelled.\n"
    run("comment", "T-12", "x")
    assert shown(board) == [None]


def test_the_file_is_nobody_elses_to_read(home):
    leases(home).remember([held()])
    file = home / "agentboard" / "leases.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in file.parent.iterdir()} == {"leases.json", "leases.lock"}


def test_a_newer_lease_of_another_process_is_not_forgotten_with_the_old_one(home):
    leases(home).remember([held(token=42)])
    leases(home).forget("T-12", 41)
    assert leases(home).of("T-12") == 42


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"http://here:8000": 3}', b'{"http://here:8000": {"ada": {"T-12": "x"}}}', b"\xff"],
)
def test_a_file_that_cannot_be_used_is_as_good_as_none(home, content: bytes):
    file = home / "agentboard" / "leases.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert leases(home).of("T-12") is None
    leases(home).remember([held()])
    assert leases(home).of("T-12") == 41


def test_where_nothing_can_be_kept_the_work_is_shown_all_the_same(run, board, home):
    home.write_text("a file where the directory should be")
    board.says("GET /tasks/next", packet())
    board.says("POST /tasks/T-12/comments", RECEIPT)
    ran = run("next")
    assert ran.code == 0
    assert "Fix login" in ran.out
    assert "T-12 --lease 41" in ran.err
    assert run("comment", "T-12", "x").code == 0


def test_tasks_that_are_over_leave_nothing_behind(home):
    leases(home).remember([held()])
    leases(home).forget("T-12")
    assert json.loads((home / "agentboard" / "leases.json").read_bytes()) == {}


def _remember_many(home: Path, agent: str) -> None:
    for number in range(20):
        leases(home, agent=agent).remember([held(number, token=number)])


def test_processes_that_write_at_once_lose_nothing(home):
    names = [f"sim-{number}" for number in range(6)]
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_remember_many, args=(home, name)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    kept = {name: [leases(home, agent=name).of(f"T-{number}") for number in range(20)] for name in names}
    assert kept == {name: list(range(20)) for name in names}
