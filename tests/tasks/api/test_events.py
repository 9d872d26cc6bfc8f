"""The log of the board through the REST door: as pages, and how a stream of it begins."""

import json

import pytest

from tests.tasks.api.conftest import refused

STREAM = "text/event-stream"


def page(api, query=""):
    answer = api.get(f"/events{query}", Accept="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def told(answer):
    """The events of a stream's beginning, each with the id it was sent under."""
    assert answer["Content-Type"] == STREAM
    events = []
    for block in answer.content.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "data" in fields:
            event = json.loads(fields["data"])
            assert int(fields["id"]) == event["seq"]
            events.append(event)
    return events


@pytest.fixture
def story(api, olga):
    """Two tasks, one of them claimed and commented on by ada."""
    api.post("/tasks", agent="olga", title="a", done_criteria=["x"])
    api.post("/tasks", agent="olga", title="b", done_criteria=["x"])
    api.get("/tasks/next?agent=ada")
    api.post("/tasks/T-1/comments", agent="ada", text="a secret word")
    return page(api)["events"]


def test_everything_that_happened_is_on_the_pages_in_order(api, story):
    assert [(e["kind"], e["task"], e["by"]) for e in story] == [
        ("agent.registered", None, "olga"),
        ("task.created", "T-1", "olga"),
        ("task.created", "T-2", "olga"),
        ("agent.registered", None, "ada"),
        ("task.claimed", "T-1", "ada"),
        ("task.commented", "T-1", "ada"),
    ]
    assert [event["seq"] for event in story] == [1, 2, 3, 4, 5, 6]
    assert story[4]["data"] == {"token": 1}
    assert "secret" not in json.dumps(story)


def test_pages_lead_from_one_to_the_next_and_on_to_what_comes(api, story):
    seen, since, more = [], 0, True
    while more:
        found = page(api, f"?since={since}&limit=4")
        seen, since, more = seen + found["events"], found["next"], found["more"]
    assert (seen, since) == (story, 6)
    assert page(api, "?since=6") == {"events": [], "next": 6, "more": False}
    api.post("/tasks/T-2/comments", agent="ada", text="x")
    assert [event["seq"] for event in page(api, "?since=6")["events"]] == [7]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("task=T-1", [2, 5, 6]),
        ("task=2", [3]),
        ("agent=ada", [4, 5, 6]),
        ("agent=ADA", [4, 5, 6]),
        ("kind=task.created", [2, 3]),
        ("kind=task.claimed,task.commented", [5, 6]),
        ("task=T-1&agent=olga", [2]),
        ("task=T-1&agent=ada&kind=task.claimed&since=4", [5]),
        ("task=T-2&agent=ada", []),
    ],
)
def test_filters_narrow_pages_and_streams_alike(api, story, query, found):
    assert [event["seq"] for event in page(api, f"?{query}")["events"]] == found
    since = "" if "since" in query else "&since=0"
    assert [event["seq"] for event in told(api.get(f"/events?{query}{since}"))] == found


@pytest.mark.parametrize(
    ("accept", "is_stream"),
    [
        (None, True),
        ("*/*", True),
        ("text/event-stream", True),
        ("text/event-stream;q=0.5, */*;q=0.1", True),
        ("application/json, text/event-stream", True),
        ("application/json", False),
        ("application/json, text/plain, */*", False),
        ("Application/JSON; charset=utf-8", False),
        ("text/event-stream;q=0.2, application/json;q=0.9", False),
        ("application/json;q=0", True),
        ("text/event-stream;q=high, application/json", False),
    ],
)
def test_a_caller_gets_a_stream_unless_it_would_rather_have_json(api, story, accept, is_stream):
    answer = api.get("/events", **({"Accept": accept} if accept else {}))
    assert answer["Content-Type"].startswith(STREAM if is_stream else "application/json")


def test_a_stream_begins_after_since_and_tells_the_server_how_to_go_on(api, story):
    answer = api.get("/events?since=2&task=T-1&agent=ada&kind=task.claimed,task.commented")
    assert told(answer) == [event for event in story if event["seq"] in (5, 6)]
    assert answer.content.startswith(b"retry: 2000\nid: 5\ndata: {")
    wanted = "kind:task.claimed,kind:task.commented;by:ada;task:1"
    assert answer["X-Agentboard-Stream"] == f"6;{wanted}"
    assert answer["Cache-Control"] == "no-store"


def test_a_stream_for_one_who_says_nothing_begins_now_and_says_where_that_is(api, story):
    answer = api.get("/events")
    assert (answer.content, answer["X-Agentboard-Stream"]) == (b"retry: 2000\nid: 6\n\n", "6")


def test_one_who_comes_back_goes_on_where_it_was_whatever_the_address_says(api, story):
    answer = api.get("/events?since=0", **{"Last-Event-ID": "4"})
    assert [event["seq"] for event in told(answer)] == [5, 6]


def test_a_stream_is_given_in_parts(api, story):
    answer = api.get("/events?since=0&limit=2")
    assert [event["seq"] for event in told(answer)] == [1, 2]
    assert answer["X-Agentboard-Stream"] == "2"
    again = api.client.get("/events?since=0&limit=2", **{"agentboard.after": 2})
    assert [event["seq"] for event in told(again)] == [3, 4]
    assert b"retry" not in again.content
    end = api.client.get("/events?since=0", **{"agentboard.after": 6})
    assert (end.content, end["X-Agentboard-Stream"]) == (b"", "6")


@pytest.mark.parametrize("accept", ["application/json", STREAM])
@pytest.mark.parametrize(
    ("query", "status", "code", "says"),
    [
        ("since=soon", 422, "invalid", "since"),
        ("since=-1", 422, "invalid", "since"),
        ("since=99999999999999999999", 422, "invalid", "since"),
        ("since=7", 422, "invalid", "newest event is 6"),
        ("limit=0", 422, "invalid", "limit"),
        ("kind=claimed", 422, "invalid", "kind"),
        ("kind=task.claimed,", 422, "invalid", "kind"),
        ("task=T-9", 404, "not_found", "T-9"),
        ("task=x", 404, "not_found", "x"),
        ("agent=adda", 404, "not_found", "adda"),
        ("agent=!", 422, "invalid", "agent"),
    ],
)
def test_what_cannot_be_is_refused(api, story, accept, query, status, code, says):
    problem = refused(api.get(f"/events?{query}", Accept=accept), status, code)
    assert says in problem["detail"]


@pytest.mark.parametrize("accept", ["application/json", STREAM])
def test_one_may_begin_after_an_event_that_nobody_has_read_yet(api, accept):
    api.post("/tasks", agent="olga", title="a")
    assert api.get("/events?since=2", Accept=accept).status_code == 200
    refused(api.get("/events?since=3", Accept=accept), 422, "invalid")


@pytest.mark.parametrize("last", ["", "x", "-1", "1e3", "9" * 30, "7"])
def test_a_last_event_id_that_is_none_is_refused(api, story, last):
    refused(api.get("/events", **{"Last-Event-ID": last}), 422, "invalid")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_log_is_only_read(api, method):
    refused(getattr(api.client, method)("/events"), 405, "method_not_allowed")


def test_agent_is_a_filter_here_and_no_caller(api, story):
    """Whoever asks for ada's events is not ada; the caller is who X-Agent says."""
    assert len(page(api, "?agent=ada")["events"]) == 3
    answer = api.get("/events?agent=ada", Accept="application/json", **{"X-Agent": "olga"})
    assert answer.status_code == 200


def test_a_page_elsewhere_gets_no_stream(api, story):
    refused(api.get("/events", Accept=STREAM, **{"Sec-Fetch-Site": "cross-site"}), 403, "forbidden")
    refused(api.get("/events", Accept=STREAM, Origin="https://evil.example"), 403, "forbidden")
    refused(api.get("/events", Accept=STREAM, Host="evil.example"), 403, "forbidden")


def test_a_tasks_history_has_the_same_events(api, story):
    assert api.get("/tasks/T-1/events").json() == {"events": [e for e in story if e["task"] == "T-1"]}
    first = api.get("/tasks/T-1/events?limit=2").json()
    assert [event["seq"] for event in first["events"]] == [2, 5]
    rest = api.get(f"/tasks/T-1/events?since={first['next_since']}").json()
    assert [event["seq"] for event in rest["events"]] == [6]
    assert "next_since" not in rest
