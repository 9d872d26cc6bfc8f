"""Every answer has the shape the OpenAPI schema gives it: no field more, none less, none of another type."""

import json

import pytest
from rest_framework import serializers

from tasks.api import agent_answers, answers, event_answers, handoff_answers


def fits(shape: type[serializers.Serializer], answer, place="answer"):
    """Compare an answer with a serializer, all the way down."""
    assert isinstance(answer, dict), place
    fields = shape().fields
    assert set(answer) <= set(fields), f"{place} has {set(answer) - set(fields)} that no schema names"
    required = {name for name, field in fields.items() if field.required}
    assert required <= set(answer), f"{place} lacks {required - set(answer)}"
    for name, value in answer.items():
        _fits_field(fields[name], value, f"{place}.{name}")


def _fits_field(field, value, place):
    if value is None:
        assert field.allow_null, place
    elif isinstance(field, serializers.ListSerializer):
        for at, item in enumerate(value):
            fits(type(field.child), item, f"{place}[{at}]")
    elif isinstance(field, serializers.BaseSerializer):
        fits(type(field), value, place)
    else:
        field.run_validation(value)


@pytest.fixture
def story(api, olga):
    """A board with something of everything; gives the answers on the way, by the shape each must have."""
    seen = []

    def keep(shape, answer, status=200):
        assert answer.status_code == status, answer.content
        seen.append((shape, answer.json()))
        return answer.json()

    keep(agent_answers.AgentFacts, api.post("/agents", name="ada", skills=["python"], role="builder"), 201)
    keep(answers.PacketOrNothing, api.get("/tasks/next?agent=ada"))
    keep(answers.PacketOrNothing, api.get("/tasks/next?agent=ada&project=nope"))
    full = {
        "title": "Fix login", "description": "Why", "done_criteria": ["a", "b"], "priority": "P0", "reviewer": "sage",
        "labels": ["web", "x"], "skills": ["python"], "due_at": "2999-01-01T00:00:00Z", "stale_after": "45m",
        "external_id": "ext-1",
    }  # fmt: skip
    keep(answers.Receipt, api.post("/tasks", agent="olga", **full), 201)
    items = [{"title": "b", "depends_on": ["T-1"]}, {"title": "c", "not_before": "2999-01-01T00:00:00Z"}]
    keep(answers.BatchReceipt, api.post("/tasks/batch", agent="olga", tasks=items), 201)
    packet = keep(answers.PacketOrNothing, api.get("/tasks/next?agent=ada"))
    say = {"agent": "ada", "text": "word", "lease": packet["lease"]["token"]}
    keep(answers.CommentReceipt, api.raw("post", "/tasks/T-1/comments?include=task", json.dumps(say)), 201)
    keep(answers.CommentReceipt, api.post("/tasks/T-2/comments", agent="ada", text="x"), 201)
    keep(answers.Packets, api.get("/tasks/active?agent=ada"))
    keep(answers.Packet, api.post("/tasks/T-1/claim", agent="ada"))
    keep(answers.CommentPage, api.get("/tasks/T-1/comments?limit=1"))
    keep(event_answers.EventPage, api.get("/tasks/T-1/events?limit=1"))
    keep(event_answers.BoardEventPage, api.get("/events?limit=9", Accept="application/json"))
    keep(answers.TaskPage, api.get("/tasks?limit=2"))
    keep(answers.TaskPage, api.get("/tasks?assignee=nobody"))
    for ref in ("T-1", "T-2", "T-3"):
        keep(answers.WholeTask, api.get(f"/tasks/{ref}"))
    keep(answers.Receipt, api.patch("/tasks/T-1", agent="olga", title="Better"))
    lease = {"agent": "ada", "lease": packet["lease"]["token"]}
    words = {"done": "a", "pending": "b", "gotchas": "c"}
    keep(handoff_answers.HandoffReceipt, api.post("/tasks/T-1/handoffs", **lease, **words, to="ada"), 201)
    keep(handoff_answers.HandoffList, api.get("/tasks/T-1/handoffs"))
    lease["lease"] = keep(answers.PacketOrNothing, api.get("/tasks/next?agent=ada"))["lease"]["token"]
    keep(handoff_answers.ReadbackReceipt, api.post("/tasks/T-1/handoffs/1/readback", **lease, text="d"), 201)
    keep(handoff_answers.HandoffList, api.get("/tasks/T-1/handoffs"))
    keep(handoff_answers.BlockReceipt, api.post("/tasks/T-1/blocks", **lease, reason="r", needs="n"), 201)
    keep(answers.WholeTask, api.get("/tasks/T-1"))
    keep(answers.Receipt, api.post("/tasks/T-1/unblock", agent="zed", resolution="r"))
    keep(answers.PacketOrNothing, api.get("/tasks/next?agent=ada"))
    keep(answers.Receipt, api.post("/tasks/T-1/release", agent="olga", reason="r"))
    keep(answers.Receipt, api.post("/tasks/T-1/cancel", agent="olga", reason="r"))
    keep(answers.Receipt, api.post("/tasks/T-1/reopen", agent="olga", reason="r"))
    keep(agent_answers.AgentPage, api.get("/agents?limit=1"))
    keep(agent_answers.AgentFacts, api.patch("/agents/ada", wip_limit=3, paused_until="2999-01-01T00:00:00Z"))
    keep(answers.PacketOrNothing, api.get("/tasks/next?agent=ada"))
    api.post("/tasks", agent="olga", title="asks", done_criteria=["a"])
    lease = api.post("/tasks/T-4/claim", agent="zed").json()["lease"]["token"]
    work = {"agent": "zed", "lease": lease, "summary": "s", "evidence": [{"criterion": 1, "text": "e"}]}
    api.patch("/agents/ada", role="builder")
    assert api.post("/tasks/T-4/submissions", **work).json()["reviewer"] is None
    assert keep(answers.TaskPage, api.get("/tasks?asks_human=true"))["tasks"][0]["id"] == "T-4"
    assert keep(answers.WholeTask, api.get("/tasks/T-4"))["asks_human"]
    keep(
        agent_answers.HeartbeatReceipt, api.post("/agents/ada/heartbeat", status="reviewing", note="reading")
    )
    return seen


def test_every_answer_has_the_shape_its_schema_gives(story):
    for shape, answer in story:
        fits(shape, answer, shape.__name__)


def test_the_comparison_objects_to_a_field_too_many_and_to_one_too_few():
    with pytest.raises(AssertionError, match="no schema names"):
        fits(answers.Lease, {"token": 1, "expires_in": 5, "more": 1})
    with pytest.raises(AssertionError, match="lacks"):
        fits(answers.Lease, {"token": 1})
    with pytest.raises(serializers.ValidationError):
        fits(answers.Lease, {"token": "many", "expires_in": 5})


def test_the_lists_page_through_everything_once(api, olga):
    tasks = [{"title": f"t{n}"} for n in range(25)]
    api.post("/tasks/batch", agent="olga", tasks=tasks)
    seen, cursor = [], ""
    while True:
        page = api.get(f"/tasks?limit=10{cursor}").json()
        seen += [task["id"] for task in page["tasks"]]
        if "next_cursor" not in page:
            break
        cursor = f"&cursor={page['next_cursor']}"
        api.post("/tasks", agent="olga", title="written meanwhile")
    assert seen == [f"T-{n}" for n in range(25, 0, -1)]


def test_the_log_pages_through_everything_once(api, olga):
    api.post("/tasks", agent="olga", title="t")
    for n in range(7):
        api.post("/tasks/T-1/comments", agent="olga", text=f"c{n}", kind="decision" if n % 2 else "note")
    first = api.get("/tasks/T-1/comments?limit=3").json()
    rest = api.get(f"/tasks/T-1/comments?since={first['next_since']}").json()
    assert [c["text"] for c in first["comments"] + rest["comments"]] == [f"c{n}" for n in range(7)]
    assert "next_since" not in rest
    decisions = api.get("/tasks/T-1/comments?kind=decision").json()["comments"]
    assert [c["text"] for c in decisions] == ["c1", "c3", "c5"]
    assert api.get("/tasks/T-1/comments?since=2999-01-01T00:00:00Z").json() == {"comments": []}
