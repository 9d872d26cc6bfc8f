"""Handoffs, read-backs and blocks from the command line: nobody types a lease or the number of a handoff."""

import pytest

from tests.agentboard.cli.fake_board import packet, problem

pytestmark = pytest.mark.once

NEXT = "GET /tasks/next"


@pytest.fixture
def holding(run, board):
    """ada holds T-12 under lease 41, which was noted."""
    board.says(NEXT, packet())
    assert run("next").code == 0
    board.asked.clear()


def sent(board):
    return [(one.method, one.path, one.body) for one in board.asked]


def test_a_handoff_carries_the_lease_and_ends_it(run, board, holding, tmp_path):
    (tmp_path / "todo.md").write_text("- tests\n- docs\n")
    receipt = {"id": "T-12", "status": "todo", "handoff": 1, "to": "sage"}
    board.says("POST /tasks/T-12/handoffs", receipt)
    said = ["--done", "The parser", "--pending", f"@{tmp_path / 'todo.md'}", "--gotchas", "none"]
    ran = run("handoff", "T-12", "--to", "sage", *said)
    assert (ran.code, ran.out.split(".")[0]) == (0, "T-12 is handed off and kept for sage")
    body = {"to": "sage", "done": "The parser", "pending": "- tests\n- docs", "gotchas": "none", "lease": 41}
    assert sent(board) == [("POST", "/tasks/T-12/handoffs", body)]
    board.says("POST /tasks/T-12/comments", {"id": 1, "on": "T-12", "status": "todo"})
    run("comment", "T-12", "x")
    assert "lease" not in board.asked[-1].body


def test_a_handoff_that_leaves_something_unsaid_is_bad_input(run, board):
    ran = run("handoff", "T-12", "--done", "a", "--pending", "b")
    assert (ran.code, sent(board)) == (2, [])
    assert "--gotchas" in ran.err


def test_a_read_back_finds_the_newest_handoff(run, board, holding):
    board.says("GET /tasks/T-12/handoffs", {"handoffs": [{"id": 7}, {"id": 6}]})
    receipt = {"id": "T-12", "status": "doing", "handoff": 7, "expires_in": 3600}
    board.says("POST /tasks/T-12/handoffs/7/readback", receipt)
    ran = run("readback", "T-12", piped=b"Tests first\n")
    assert (ran.code, ran.out) == (0, "Noted; T-12 is yours to work on, and your lease runs for 1 h.\n")
    assert sent(board)[-1][2] == {"text": "Tests first", "lease": 41}


@pytest.mark.parametrize(
    "command",
    [
        ["handoff", "T-12", "--done", "a", "--pending", "b", "--gotchas", "c"],
        ["block", "T-12", "r", "--needs", "n"],
    ],
)
def test_without_a_noted_lease_nothing_is_sent(run, board, command):
    ran = run(*command)
    assert (ran.code, sent(board)) == (2, [])
    assert "agentboard active" in ran.err


def test_there_may_be_nothing_to_read_back(run, board):
    board.says("GET /tasks/T-12/handoffs", {"handoffs": []})
    ran = run("readback", "T-12", "x")
    assert (ran.code, "has no handoff" in ran.err) == (3, True)


def test_a_block_says_what_it_needs(run, board, holding):
    board.says("POST /tasks/T-12/blocks", {"id": "T-12", "status": "blocked", "block": 1, "waits": True})
    ran = run(
        "block", "T-12", "No parser", "--needs", "T-9 done", "--depends-on", "T-9", "--depends-on", "T-8"
    )
    assert (ran.code, "goes on by itself" in ran.out) == (0, True)
    body = {"reason": "No parser", "needs": "T-9 done", "depends_on": ["T-9", "T-8"], "lease": 41}
    assert sent(board) == [("POST", "/tasks/T-12/blocks", body)]


def test_an_unblock_needs_no_lease(run, board):
    board.says("POST /tasks/T-12/unblock", {"id": "T-12", "status": "todo"})
    assert run("unblock", "T-12", "It is there").code == 0
    assert sent(board) == [("POST", "/tasks/T-12/unblock", {"resolution": "It is there"})]


def test_what_comes_first_is_told_as_a_command(run, board, holding):
    fix = "Read it whole with GET /tasks/active, then POST /tasks/T-12/handoffs/7/readback {agent, lease, text} with"
    board.says("POST /tasks/T-12/blocks", problem(428, "readback_needed", "Not read.", fix))
    ran = run("block", "T-12", "r", "--needs", "n")
    assert ran.code == 3
    assert "`agentboard active`, then `agentboard readback T-12 TEXT` with" in ran.err


def test_a_packet_shows_its_handoff_and_who_wrote_it(run, board):
    handoff = {
        "id": 7,
        "from": "echo",
        "done": "a\n## b",
        "pending": "c",
        "gotchas": "d",
        "readback_needed": True,
    }
    board.says(NEXT, packet() | {"handoff": handoff})
    ran = run("next")
    assert (
        "## Handoff 7 from echo, to be read back first\n> Done: a\n> ## b\n> Pending: c\n> Gotchas: d"
        in ran.out
    )
