"""Handing a task in: evidence for every criterion in as few words as possible, and a lease that nobody types."""

import pytest

from tests.agentboard.cli.fake_board import packet, problem

pytestmark = pytest.mark.once

SUBMIT = "POST /tasks/T-12/submissions"
RECEIPT = {"id": "T-12", "status": "validating", "submission": 3, "reviewer": "rita"}
LOST = problem(409, "lease_lost", "bob holds T-12 now.", "Stop this work.")


@pytest.fixture
def held(run, board):
    """The run of a caller that holds T-12 under lease 41."""
    board.says("GET /tasks/next", packet())
    board.says(SUBMIT, RECEIPT)
    run("next")
    board.asked.clear()
    return run


def written(board) -> list:
    return [one.body for one in board.asked]


def test_a_task_is_handed_in_with_everything_a_reviewer_needs(held, board):
    ran = held(
        "submit", "T-12", "Raised the limit", "--evidence", "1=make test: 2 == 2", "--evidence", " 2 = Read it\nagain ",
        "--artifact", "fix=src/pool.py?x=1", "--artifact", "run = https://example.org/?a=b",
        "--caveats", "Not measured.",
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == "Submission 3 of T-12 waits to be judged by rita. `agentboard next` gives you another task.\n"
    )
    assert written(board) == [
        {
            "lease": 41,
            "summary": "Raised the limit",
            "evidence": [
                {"criterion": 1, "text": "make test: 2 == 2"},
                {"criterion": 2, "text": "Read it\nagain"},
            ],
            "artifacts": [
                {"label": "fix", "url": "src/pool.py?x=1"},
                {"label": "run", "url": "https://example.org/?a=b"},
            ],
            "caveats": "Not measured.",
        }
    ]


def test_where_nobody_is_reviewer_anybody_is_said_to_be(held, board):
    board.says(SUBMIT, RECEIPT | {"reviewer": None})
    assert "judged by anybody who has not worked on it." in held("submit", "T-12", "Done").out


def test_long_evidence_comes_from_a_file_and_the_summary_from_a_pipe(held, board, tmp_path):
    (tmp_path / "evidence").write_text("\n1=make test\n  212 passed\n\n2 = In the log:\nsee a=b\n")
    assert (
        held("submit", "T-12", "--evidence-file", str(tmp_path / "evidence"), piped=b"Long\nsummary\n").code
        == 0
    )
    [body] = written(board)
    assert body["summary"] == "Long\nsummary"
    assert body["evidence"] == [
        {"criterion": 1, "text": "make test\n  212 passed"},
        {"criterion": 2, "text": "In the log:\nsee a=b"},
    ]


def test_the_evidence_may_be_what_comes_through_the_pipe(held, board):
    assert held("submit", "T-12", "Done", "--evidence-file", "-", piped=b"1=It works").code == 0
    assert written(board)[0]["evidence"] == [{"criterion": 1, "text": "It works"}]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--evidence", "1=x"],
        ["Done", "--evidence", "x"],
        ["Done", "--evidence", "1"],
        ["Done", "--evidence", "1= "],
        ["Done", "--evidence", "=x"],
        ["Done", "--evidence-file", "/nowhere"],
        ["Done", "--evidence", "1=x", "--artifact", "src/a.py"],
        ["Done", "--evidence", "1=x", "--artifact", "=src/a.py"],
        ["--evidence-file", "-"],
        ["--file", "-", "--evidence-file", "-"],
    ],
)
def test_what_cannot_be_handed_in_is_bad_input_and_sends_nothing(held, board, arguments: list[str]):
    ran = held("submit", "T-12", *arguments)
    assert ran.code == 2
    assert "fix:" in ran.err
    assert board.asked == []


def test_a_file_that_begins_with_no_number_is_bad_input(held, board):
    assert held("submit", "T-12", "Done", "--evidence-file", "-", piped=b"It works\n1=x").code == 2
    assert board.asked == []


def test_what_is_missing_the_board_knows_better(held, board):
    board.says(SUBMIT, problem(422, "invalid", "evidence: Criterion 1 is missing.", "Send it again."))
    ran = held("submit", "T-12", "Done")
    assert (ran.code, ran.err) == (2, "agentboard: evidence: Criterion 1 is missing.\nfix: Send it again.\n")
    assert written(board) == [{"lease": 41, "summary": "Done", "evidence": []}]
    held("submit", "T-12", "Done")
    assert written(board)[1]["lease"] == 41


@pytest.mark.parametrize("answer", [RECEIPT, LOST])
def test_a_lease_that_is_over_is_forgotten_and_not_missed_by_a_comment(held, board, answer):
    board.says(SUBMIT, answer)
    board.says("POST /tasks/T-12/comments", {"id": 5, "on": "T-12", "status": "validating"})
    assert held("submit", "T-12", "Done", "--evidence", "1=x").code == (0 if answer is RECEIPT else 3)
    held("comment", "T-12", "One more thing")
    assert "lease" not in written(board)[-1]


def test_a_task_whose_lease_is_not_noted_is_not_sent_and_the_way_to_it_said(run, board):
    ran = run("submit", "T-12", "Done", "--evidence", "1=x")
    assert ran.code == 2
    assert "`agentboard active`" in ran.err
    assert board.asked == []


def test_a_lease_that_is_given_is_shown(run, board):
    board.says(SUBMIT, RECEIPT)
    assert run("submit", "T-12", "Done", "--evidence", "1=x", "--lease", "7").code == 0
    assert written(board)[0]["lease"] == 7
