"""`agentboard events`: the history of the board, and what happens, past every interruption."""

import json

import pytest

from agentboard.cli import exits, following
from tests.agentboard.cli.fake_board import Said, problem

GONE = Said(0, b"")


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(following, "PAUSE", 0.0)


def event(seq, **changes):
    one = {
        "seq": seq,
        "at": "2026-03-02T12:00:00Z",
        "kind": "task.claimed",
        "task": "T-2",
        "by": "ada",
        "data": {},
    }
    return one | changes


def stream(*events, cut=0, opening="retry: 2000\n"):
    """An answer with these events; `cut` takes off so many bytes at the end, before the connection breaks off."""
    frames = "".join(f"id: {one['seq']}\ndata: {json.dumps(one, ensure_ascii=False)}\n\n" for one in events)
    body = f"{opening}{frames}:\n".encode()
    if not cut:
        return Said(200, body)
    return Said(200, body[:-cut], {"Content-Length": str(len(body)), "Connection": "close"})


def told_after(board):
    return [asked.headers.get("last-event-id") for asked in board.asked]


def test_the_boards_history_is_a_line_for_each_event_with_its_task(run, board):
    page = {"events": [event(6), event(7, task=None, kind="agent.registered")], "next": 7, "more": True}
    board.says("GET /events", page)
    assert run("events").out.splitlines() == [
        "6 2026-03-02T12:00:00Z task.claimed T-2 by ada",
        "7 2026-03-02T12:00:00Z agent.registered by ada",
        "There is more: add --since 7",
    ]
    assert board.asked[0].headers["accept"] == "application/json"


def test_filters_go_with_the_call(run, board):
    board.says("GET /events", {"events": [], "next": 9, "more": False})
    ran = run("events", "T-2", "--by", "bob", "--kind", "task.claimed", "--since", "3", "--limit", "5")
    assert ran.out == "Nothing happened since.\n"
    query = {"task": "T-2", "agent": "bob", "kind": "task.claimed", "since": "3", "limit": "5"}
    assert board.asked[0].query == query


def test_following_goes_on_after_the_last_event_that_was_whole(run, board):
    whole = stream(event(1), event(2, data={"fields": ["a\u2028b"]}))
    cut_in_data, cut_after_data = stream(event(3), event(4), cut=9), stream(event(4), cut=4)
    board.says(
        "GET /events", whole, GONE, cut_in_data, cut_after_data, stream(event(4)), problem(422, "invalid")
    )
    ran = run("events", "--follow", "--since", "0")
    assert ran.code == exits.BAD_INPUT
    assert [line.split()[0] for line in ran.out.splitlines()] == ["1", "2", "3", "4"]
    assert told_after(board) == [None, "2", "2", "3", "3", "4"]
    assert {asked.headers["accept"] for asked in board.asked} == {"text/event-stream"}


def test_one_who_heard_nothing_yet_goes_on_from_where_it_began(run, board):
    begun = stream(opening="retry: 2000\nid: 41\n\n")
    board.says("GET /events", begun, stream(event(42)), problem(403, "forbidden"))
    assert run("events", "--follow", "--json").out.splitlines()[0] == json.dumps(event(42))
    assert told_after(board) == [None, "41", "42"]


def test_a_board_that_is_not_there_is_not_waited_for(run, board, monkeypatch):
    monkeypatch.setenv("AGENTBOARD_URL", "http://127.0.0.1:9")
    assert run("events", "--follow").code == exits.UNREACHABLE


def test_a_board_that_stays_away_is_given_up(run, board):
    board.says("GET /events", stream(event(1)), GONE)
    assert run("events", "--follow").code == exits.UNREACHABLE
    assert len(board.asked) == 1 + 1 + following.TRIES
