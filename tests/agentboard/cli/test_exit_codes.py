"""How a command ends says what to do next, without reading a word."""

import pytest

from agentboard.cli import connection
from tests.agentboard.cli.fake_board import NOTHING, Said, packet, problem

pytestmark = pytest.mark.once


def test_work_is_0(run, board):
    board.says("GET /tasks/next", packet())
    assert run("next").code == 0


def test_no_work_is_4(run, board):
    board.says("GET /tasks/next", NOTHING)
    assert run("next").code == 4


@pytest.mark.parametrize("status", [400, 405, 413, 415, 422])
def test_bad_input_is_2(run, board, status: int):
    board.says("POST /tasks/T-12/comments", problem(status, "invalid"))
    assert run("comment", "T-12", "x").code == 2


@pytest.mark.parametrize("status", [401, 403, 404, 409, 428])
def test_a_refusal_is_3_and_says_what_is_true_and_what_to_do(run, board, status: int):
    board.says("POST /tasks/T-12/claim", problem(status, "no", "bob holds it.", "GET /tasks/next?agent=ada."))
    ran = run("claim", "T-12")
    assert ran.code == 3
    assert ran.err == "agentboard: bob holds it.\nfix: `agentboard next`.\n"
    assert ran.out == ""


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_board_that_cannot_answer_is_5(run, board, status: int):
    board.says("POST /tasks/T-12/claim", problem(status, "unavailable"))
    assert run("claim", "T-12").code == 5
    assert len(board.asked) == 1


def test_nobody_at_the_address_is_5(run, board):
    ran = run("next", "--url", "http://127.0.0.1:1")
    assert ran.code == 5
    assert "Nothing answers at http://127.0.0.1:1" in ran.err
    assert "fix:" in ran.err


def test_an_answer_that_takes_too_long_is_5(run, board, monkeypatch):
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.1)
    board.says("GET /agents", Said(200, {}, after=0.5))
    ran = run("agents")
    assert ran.code == 5
    assert "did not answer in time" in ran.err


@pytest.mark.parametrize(
    "answer", [Said(200, b"<html>"), Said(301, b""), Said(200, b"[]"), Said(502, b"<html>")]
)
def test_an_answer_that_no_board_gives_is_5(run, board, answer: Said):
    answer.headers["Retry-After"] = "0"
    board.says("GET /agents", answer)
    ran = run("agents")
    assert ran.code == 5
    assert "not as a board does" in ran.err


def test_somebody_elses_404_is_3_and_points_to_the_address(run, board):
    board.says("GET /agents", Said(404, b"nginx"))
    ran = run("agents")
    assert ran.code == 3
    assert "AGENTBOARD_URL" in ran.err


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "ftp://x",
        "http://",
        "http://[",
        "http://x:99999",
        "http://a b",
        "http://a..b",
        "nonsense",
    ],
)
def test_an_address_that_is_none_is_2(run, board, url: str):
    ran = run("next", "--url", url)
    assert ran.code == 2
    assert url in ran.err


def test_an_address_that_only_the_http_client_refuses_is_2_too(run, board):
    assert run("next", "--url", f"{board.url}/{'x' * 70_000}").code == 2


def test_a_caller_who_does_not_say_who_it_is_is_2(run, board, monkeypatch):
    monkeypatch.delenv("AGENTBOARD_AGENT")
    ran = run("next")
    assert ran.code == 2
    assert "AGENTBOARD_AGENT" in ran.err
    assert board.asked == []


@pytest.mark.parametrize("name", ["../x", "a b", "é", "-x", "a" * 41, "a\nb"])
def test_a_name_that_no_agent_can_have_is_2(run, board, name: str):
    assert run("next", f"--agent={name}").code == 2
    assert board.asked == []


def test_whoever_only_reads_need_not_say_who_it_is(run, board, monkeypatch):
    monkeypatch.delenv("AGENTBOARD_AGENT")
    board.says("GET /agents", {"agents": []})
    assert run("agents").code == 0
    assert "x-agent" not in board.asked[0].headers


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["next", "--nonsense"], ["comment"], ["comment", "T-1", "x", "--kind", "y"]]
)
def test_a_command_that_is_none_is_2(run, board, arguments: list[str]):
    assert run(*arguments).code == 2
    assert board.asked == []


@pytest.mark.parametrize("ref", ["", ".", ".."])
def test_a_task_without_an_id_is_2(run, board, ref: str):
    assert run("show", ref).code == 2
    assert board.asked == []
