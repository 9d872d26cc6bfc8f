"""Handoffs, read-backs and blocks through the REST door."""

import json

import pytest

from tests.tasks.api.conftest import refused

WORDS = {"done": "The parser", "pending": "The tests", "gotchas": "none"}


@pytest.fixture
def held(task):
    """What ada sends with every write about T-1."""
    return {"agent": "ada", "lease": task[1]}


def test_a_task_goes_from_one_cold_session_to_another_with_its_why(api, held, bob):
    receipt = api.post("/tasks/T-1/handoffs", **held, to="Bob", **WORDS)
    assert (receipt.status_code, receipt.json()) == (
        201, {"id": "T-1", "status": "todo", "handoff": 1, "to": "bob"},
    )  # fmt: skip
    packet = api.get("/tasks/next?agent=bob").json()
    assert packet["handoff"] == {"id": 1, "from": "ada", **WORDS, "readback_needed": True}
    assert "/tasks/T-1/handoffs/1/readback" in packet["next_step"]
    assert packet["log"] == [], "what the handoff says is not said twice"
    assert "log_earlier" not in packet

    me = {"agent": "bob", "lease": packet["lease"]["token"]}
    problem = refused(
        api.post("/tasks/T-1/submissions", **me, summary="s", evidence=[]), 428, "readback_needed"
    )
    assert problem["handoff"] == {"id": 1, "from": "ada", **WORDS}

    receipt = api.post("/tasks/T-1/handoffs/1/readback", **me, text="Tests first")
    assert (receipt.status_code, receipt.json()) == (
        201, {"id": "T-1", "status": "doing", "handoff": 1, "expires_in": 3600},
    )  # fmt: skip
    resumed = api.get("/tasks/next?agent=bob").json()
    assert resumed["handoff"]["readback_needed"] is False
    assert resumed["next_step"].startswith("Do the work")
    assert [entry["text"] for entry in resumed["log"]] == ["read back handoff 1: Tests first"]
    evidence = [{"criterion": 1, "text": "ran them"}]
    assert api.post("/tasks/T-1/submissions", **me, summary="s", evidence=evidence).status_code == 201
    [listed] = api.get("/tasks/T-1/handoffs").json()["handoffs"]
    assert (listed["from"], listed["to"], listed["readback"]["text"]) == ("ada", "bob", "Tests first")


def test_a_rejected_task_does_not_come_back_with_a_handoff_that_was_answered(api, held, bob, olga):
    api.post("/tasks/T-1/handoffs", **held, to="bob", **WORDS)
    me = {"agent": "bob", "lease": api.get("/tasks/next?agent=bob").json()["lease"]["token"]}
    api.post("/tasks/T-1/handoffs/1/readback", **me, text="x")
    api.post("/tasks/T-1/submissions", **me, summary="s", evidence=[{"criterion": 1, "text": "e"}])
    verdict = {"submission": 1, "verdict": "reject", "criteria": [{"id": 1, "met": False, "note": "n"}]}
    assert api.post("/tasks/T-1/reviews", agent="olga", **verdict).status_code == 201
    packet = api.get("/tasks/next?agent=bob").json()
    assert (packet["handoff"], packet["feedback"]["submission"]) == (None, 1)


@pytest.mark.parametrize("left_out", ["done", "pending", "gotchas"])
@pytest.mark.parametrize("value", [None, "", "  ", 7, ["x"]])
def test_each_of_the_three_is_said(api, held, untouched, left_out, value):
    body = held | WORDS | {left_out: value}
    problem = refused(api.post("/tasks/T-1/handoffs", **body), 422, "invalid")
    assert list(problem["errors"]) == [left_out]
    untouched()


def test_a_handoff_goes_to_an_agent_there_is(api, held, bob, untouched):
    problem = refused(api.post("/tasks/T-1/handoffs", **held, **WORDS, to="bobb"), 422, "invalid")
    assert "bob" in problem["fix"]
    untouched()


def test_long_words_are_cut_in_the_refusal_and_whole_in_the_packet(api, held, bob):
    long = "x" * 9000
    body = held | {"done": long, "pending": "日本" * 2000, "gotchas": long, "to": "bob"}
    assert api.post("/tasks/T-1/handoffs", **body).status_code == 201
    packet = api.get("/tasks/next?agent=bob").json()
    assert packet["handoff"]["done"] == long
    me = {"agent": "bob", "lease": packet["lease"]["token"]}
    answer = api.post("/tasks/T-1/blocks", **me, reason="r", needs="n")
    assert answer.status_code == 428
    shown = answer.content.decode()
    assert len(shown) <= 1000, "an error has a budget of 250 tokens, counted in characters"
    assert "more…" in answer.json()["handoff"]["done"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("7/readback", 404, "not_found"), ("0/readback", 404, "not_found"), ("x/readback", 404, "not_found")],
)
def test_a_read_back_of_nothing_is_not_found(api, held, untouched, path, status, code):
    refused(api.post(f"/tasks/T-1/handoffs/{path}", **held, text="x"), status, code)
    untouched()


def test_a_block_that_waits_ends_when_what_it_waits_for_is_done(api, held, olga):
    api.post("/tasks", agent="olga", title="Schema", done_criteria=["c"], external_id="schema")
    stop = {"reason": "No schema", "needs": "The schema", "depends_on": ["schema"]}
    receipt = api.post("/tasks/T-1/blocks", **held, **stop)
    assert (receipt.status_code, receipt.json()) == (
        201, {"id": "T-1", "status": "blocked", "block": 1, "waits": True},
    )  # fmt: skip
    shown = api.get("/tasks/T-1").json()
    assert {**shown["block"], "since": None} == {
        "id": 1, "by": "ada", "reason": "No schema", "needs": "The schema", "waits": True, "since": None,
    }  # fmt: skip
    assert shown["depends_on"] == ["T-2"]

    assert api.post("/tasks/T-2/cancel", agent="olga", reason="Not needed").status_code == 200
    packet = api.get("/tasks/next?agent=ada").json()
    assert (packet["task"]["id"], packet["log"][-1]["by"]) == ("T-1", "system")
    assert packet["log"][-1]["text"] == "unblock: T-2 is cancelled, and nothing else is waited for."


def test_a_block_in_a_circle_is_refused(api, held, olga, untouched):
    api.post("/tasks", agent="olga", title="Later", done_criteria=["c"], depends_on=["T-1"])
    body = held | {"reason": "r", "needs": "n", "depends_on": ["T-2"]}
    problem = refused(api.post("/tasks/T-1/blocks", **body), 422, "invalid")
    assert list(problem["errors"]) == ["depends_on"]
    assert api.get("/tasks/T-1").json()["status"] == "doing"


def test_an_unblock_carries_its_resolution_into_the_next_packet(api, held, zed):
    assert api.post("/tasks/T-1/blocks", **held, reason="No key", needs="@olga: a key").status_code == 201
    refused(api.post("/tasks/T-1/blocks", **held, reason="r", needs="n"), 409, "lease_lost")
    answer = api.post("/tasks/T-1/unblock", agent="zed", resolution="It is in the vault")
    assert (answer.status_code, answer.json()) == (200, {"id": "T-1", "status": "todo"})
    refused(api.post("/tasks/T-1/unblock", agent="zed", resolution="Again"), 409, "wrong_state")
    packet = api.get("/tasks/next?agent=ada").json()
    assert packet["log"][-1] == {
        "by": "zed", "kind": "move", "text": "unblock: It is in the vault", "ago": 0,
    }  # fmt: skip


def test_receipts_and_the_packet_of_a_handed_off_task_keep_to_their_budgets(api, held, bob):
    receipt = api.post("/tasks/T-1/handoffs", **held, to="bob", **WORDS)
    assert len(receipt.content) <= 320
    packet = api.get("/tasks/next?agent=bob")
    assert len(json.dumps(packet.json())) <= 1600
    me = {"agent": "bob", "lease": packet.json()["lease"]["token"]}
    assert len(api.post("/tasks/T-1/handoffs/1/readback", **me, text="x" * 500).content) <= 320
