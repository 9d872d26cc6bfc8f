"""What goes over the wire: who calls, what is sent twice, and what never is."""

import pytest

from agentboard.cli import connection
from tests.agentboard.cli.fake_board import NOTHING, Said, packet, problem

pytestmark = pytest.mark.once


def busy(retry_after: str = "0") -> Said:
    said = problem(503, "unavailable")
    said.headers["Retry-After"] = retry_after
    return said


def test_the_agent_and_its_token_go_with_every_call(run, board, monkeypatch):
    monkeypatch.setenv("AGENTBOARD_TOKEN", "s3cret")
    board.says("GET /tasks", {"tasks": []})
    run("tasks")
    assert board.asked[0].headers["x-agent"] == "ada"
    assert board.asked[0].headers["authorization"] == "Bearer s3cret"


def test_without_a_token_none_is_sent(run, board):
    board.says("GET /tasks", {"tasks": []})
    run("tasks")
    assert "authorization" not in board.asked[0].headers


def test_options_come_before_the_environment(run, board, monkeypatch):
    monkeypatch.setenv("AGENTBOARD_URL", "http://127.0.0.1:1")
    board.says("GET /tasks/next", NOTHING)
    assert run("next", "--agent", "Bob", "--url", f"{board.url}/").code == 4
    assert board.asked[0].headers["x-agent"] == "bob"


@pytest.mark.parametrize("token", ["a\nb", "ключ"])
def test_a_token_that_is_none_is_refused_here(run, board, monkeypatch, token: str):
    monkeypatch.setenv("AGENTBOARD_TOKEN", token)
    assert run("tasks").code == 2
    assert board.asked == []


def test_a_read_is_sent_again_while_the_board_is_away(run, board):
    board.says("GET /tasks/next", busy(), Said(502, b"<html>", {"Retry-After": "0"}), packet())
    assert run("next").code == 0
    assert len(board.asked) == 3


def test_a_read_is_given_up_in_the_end(run, board):
    board.says("GET /tasks/next", busy())
    ran = run("next")
    assert ran.code == 5
    assert ran.err == "agentboard: It is so.\nfix: Do this.\n"
    assert len(board.asked) == connection.TRIES


def test_the_pause_is_as_long_as_the_board_asks_for_within_reason(run, board, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(connection.time, "sleep", pauses.append)
    board.says("GET /tasks/next", busy("3"), busy("3600"), busy("Wed, 21 Oct 2026 07:28:00 GMT"), packet())
    run("next")
    assert pauses == [3.0, connection.LONGEST_PAUSE, 1.0]


def test_a_read_that_is_cut_off_is_sent_again(run, board, monkeypatch):
    monkeypatch.setattr(connection.time, "sleep", lambda seconds: None)
    board.says("GET /tasks/next", Said(0, b""), packet())
    assert run("next").code == 0


def test_a_write_is_never_sent_twice(run, board):
    board.says("POST /tasks/T-12/comments", busy())
    assert run("comment", "T-12", "x").code == 5
    assert len(board.asked) == 1


def test_whether_a_write_that_was_cut_off_arrived_is_not_known_and_said(run, board):
    board.says("POST /tasks/T-12/comments", Said(0, b""))
    ran = run("comment", "T-12", "x")
    assert ran.code == 5
    assert "not known" in ran.err
    assert len(board.asked) == 1


def test_the_client_waits_longer_than_the_board_was_asked_to(run, board, monkeypatch):
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.1)
    board.says("GET /tasks/next", Said(200, packet(), after=0.4))
    assert run("next", "--wait", "1").code == 0
    assert board.asked[0].query == {"wait": "1"}


def test_a_proxy_of_the_environment_is_not_asked_for_this_very_machine(run, board, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    board.says("GET /tasks", {"tasks": []})
    assert run("tasks").code == 0


def test_a_task_is_named_in_the_path_and_nothing_else_can_be(run, board):
    run("show", "../agents?x=1")
    assert board.asked[0].path == "/tasks/..%2Fagents%3Fx%3D1"
