"""`GET /tasks/next`, `/tasks/active` and `/claim`, as the contract words them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

TASK = {"agent": "olga", "title": "Fix login", "done_criteria": ["It works"]}


@pytest.fixture
def make(api, olga):
    def one(**fields):
        answer = api.post("/tasks", **(TASK | fields))
        assert answer.status_code == 201, answer.content
        return answer.json()["id"]

    return one


def test_the_packet_has_all_that_the_contract_shows(api, make):
    first = make(title="First")
    task = make(priority="P1", reviewer="sage", labels=["web"], depends_on=[], description="Why")
    packet = api.get("/tasks/next?agent=link").json()
    assert packet["task"] == {
        "id": task,
        "title": "Fix login",
        "description": "Why",
        "status": "doing",
        "priority": "P1",
        "assignee": "link",
        "reviewer": "sage",
        "done_criteria": [{"id": 1, "text": "It works"}],
        "depends_on": [],
        "labels": ["web"],
        "attempts": 1,
        "rejections": 0,
    }
    assert packet["lease"] == {"token": 1, "expires_in": 3600}
    assert packet["resumed"] is False
    assert packet["handoff"] is packet["feedback"] is None
    assert packet["log"] == []
    assert packet["also"] == {"reviews_waiting": 0, "unread": 0}
    assert f"/tasks/{task}/comments" in packet["next_step"]
    assert api.get("/tasks/next?agent=zelda").json()["task"]["id"] == first


def test_a_repeated_call_resumes_and_never_claims_twice(api, make):
    make()
    make()
    first = api.get("/tasks/next?agent=ada").json()
    again = api.get("/tasks/next?agent=ADA").json()
    assert again["resumed"] is True
    assert (again["task"]["id"], again["lease"]["token"]) == (first["task"]["id"], first["lease"]["token"])
    assert len(api.get("/tasks?status=doing").json()["tasks"]) == 1


def test_a_cold_session_finds_its_work_and_what_it_wrote(api, make):
    make()
    lease = api.get("/tasks/next?agent=ada").json()["lease"]["token"]
    api.post(
        "/tasks/1/comments", agent="ada", lease=lease, kind="failed", text="Patching the cookie did nothing"
    )
    [packet] = api.get("/tasks/active?agent=ada").json()["tasks"]
    assert packet["resumed"] is True
    assert packet["lease"]["token"] == lease
    [entry] = packet["log"]
    assert (entry["by"], entry["kind"], entry["text"]) == ("ada", "failed", "Patching the cookie did nothing")


def test_active_claims_nothing(api, make):
    make()
    assert api.get("/tasks/active?agent=ada").json() == {"tasks": []}
    assert api.get("/tasks/1").json()["status"] == "todo"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"done_criteria": []}, "nothing_ready"),
        ({"skills": ["rust"]}, "no_matching_skills"),
        ({"reviewer": "ada"}, "nothing_ready"),
        ({"assignee": "bob"}, "nothing_ready"),
        ({"not_before": "2999-01-01T00:00:00Z"}, "nothing_ready"),
    ],
)
def test_a_task_nobody_here_can_do_never_stops_the_queue(api, make, fields, reason):
    make(priority="P0", **fields)
    assert api.get("/tasks/next?agent=ada").json()["reason"] == reason
    behind = make(priority="P3")
    assert api.get("/tasks/next?agent=ada").json()["task"]["id"] == behind


def test_dependencies_are_respected_and_counted(api, make):
    first = make()
    second = make(depends_on=[first])
    assert api.get("/tasks/next?agent=ada").json()["task"]["id"] == first
    nothing = api.get("/tasks/next?agent=bob").json()
    assert (nothing["task"], nothing["reason"], nothing["waiting"]) == (None, "waiting_on_dependencies", 1)
    assert nothing["retry_after"] == 15
    api.post(f"/tasks/{first}/cancel", agent="olga", reason="not needed")
    assert api.get("/tasks/next?agent=bob").json()["task"]["id"] == second


def test_a_paused_agent_is_told_so_and_keeps_what_it_has(api, make):
    make()
    make()
    api.get("/tasks/next?agent=ada")
    for name in ("ada", "bob"):
        api.post("/agents", name=name)
        api.patch(f"/agents/{name}", paused_until="2999-01-01T00:00:00Z")
    assert api.get("/tasks/next?agent=bob").json()["reason"] == "paused"
    assert api.get("/tasks/next?agent=ada").json()["resumed"] is True


def test_a_mistyped_project_is_told(api, make):
    make(project="website")
    nothing = api.get("/tasks/next?agent=ada&project=websit").json()
    assert nothing["task"] is None
    assert "website" in nothing["hint"]
    assert api.get("/tasks/next?agent=ada&project=website").json()["task"]["id"] == "T-1"


def test_head_and_prefetch_never_claim(api, make):
    make()
    assert api.client.head("/tasks/next?agent=ada").status_code == 405
    for header in ("Sec-Purpose", "Purpose"):
        answer = api.get("/tasks/next?agent=ada", **{header: "prefetch;prerender"})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert api.get("/tasks/1").json()["status"] == "todo"


def test_the_claim_of_a_held_task_names_its_holder(api, make):
    task = make()
    api.post(f"/tasks/{task}/claim", agent="ada")
    problem = api.post(f"/tasks/{task}/claim", agent="bob")
    assert problem.status_code == 409
    assert problem.json()["code"] == "already_claimed"
    assert problem.json()["holder"]["agent"] == "ada"
    assert problem.json()["holder"]["alive"] is True


def test_the_claim_of_ones_own_task_resumes(api, make):
    task = make()
    token = api.post(f"/tasks/{task}/claim", agent="ada").json()["lease"]["token"]
    again = api.post(f"/tasks/{task}/claim", agent="ada").json()
    assert (again["resumed"], again["lease"]["token"]) == (True, token)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"done_criteria": []}, "criteria"),
        ({"depends_on": ["T-1"]}, "T-1"),
        ({"skills": ["rust"]}, "rust"),
        ({"reviewer": "ada"}, "reviewer"),
        ({"assignee": "bob"}, "bob"),
        ({"not_before": "2999-01-01T00:00:00Z"}, "2999"),
    ],
)
def test_the_claim_of_a_task_that_is_not_ready_says_why(api, make, fields, word):
    make()
    task = make(**fields)
    problem = api.post(f"/tasks/{task}/claim", agent="ada")
    assert (problem.status_code, problem.json()["code"]) == (409, "not_ready")
    assert word in problem.json()["detail"]
    assert api.get(f"/tasks/{task}").json()["status"] == "todo"


def test_a_lost_lease_is_told_who_holds_the_task_and_writes_nothing(api, make):
    task = make()
    old = api.get("/tasks/next?agent=ada").json()["lease"]["token"]
    api.post(f"/tasks/{task}/release", agent="olga", reason="ada went silent")
    lost = api.post(f"/tasks/{task}/comments", agent="ada", lease=old, text="still here")
    assert (lost.status_code, lost.json()["code"], lost.json()["holder"]) == (409, "lease_lost", None)
    new = api.get("/tasks/next?agent=bob").json()["lease"]["token"]
    assert new > old
    lost = api.post(f"/tasks/{task}/comments", agent="ada", lease=old, text="still here").json()
    assert lost["holder"]["agent"] == "bob"
    assert lost["holder"]["alive"] is True
    assert "agent=ada" in lost["fix"]
    texts = [entry["text"] for entry in api.get(f"/tasks/{task}/comments").json()["comments"]]
    assert "still here" not in texts


def test_answers_keep_to_their_budgets(api, make):
    """At 4 characters a token: empty next 60, receipt 80, packet of a small task 400."""
    assert len(api.get("/tasks/next?agent=ada").content) <= 4 * 60
    made = api.post("/tasks", **(TASK | {"depends_on": []}))
    assert len(made.content) <= 4 * 80
    assert "Fix login" not in made.content.decode(), "a receipt does not repeat the caller's own text"
    packet = api.get("/tasks/next?agent=ada")
    assert len(packet.content) <= 4 * 400
    lease = packet.json()["lease"]["token"]
    receipt = api.post("/tasks/T-1/comments", agent="ada", lease=lease, text="A very own text")
    assert len(receipt.content) <= 4 * 80
    assert "A very own text" not in receipt.content.decode()
    assert receipt.json()["expires_in"] == 3600
    assert len(api.post("/tasks/T-1/cancel", agent="olga", reason="no").content) <= 4 * 80


def test_include_task_adds_the_task_to_a_receipt(api, make):
    task = make()
    answer = api.raw(
        "post", f"/tasks/{task}/comments?include=task", json.dumps({"agent": "ada", "text": "x"})
    ).json()
    assert answer["task"]["id"] == task
    assert answer["task"]["done_criteria"] == [{"id": 1, "text": "It works"}]


def test_a_date_that_has_passed_holds_nothing_back(api, make):
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    task = make(not_before=past)
    assert api.get("/tasks/next?agent=ada").json()["task"]["id"] == task


def test_names_that_are_new_are_told_with_the_names_they_resemble(api, make):
    api.post("/agents", name="sage")
    answer = api.post("/tasks", **(TASK | {"reviewer": "sagee"})).json()
    assert answer["new_agents"] == ["sagee (like sage)"]
