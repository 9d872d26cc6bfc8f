"""Section 5 of the contract: bad input gets a clear answer, and nothing is written."""

import json

import pytest

from tests.tasks.api.conftest import TASK, refused

ALL_STRINGS = ["title", "description", "project", "external_id", "reviewer", "assignee"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"agent": "olga", "title": ',
        b"[]",
        b'["agent", "olga"]',
        b'"title"',
        b"5",
        b"null",
        b"true",
        b"\xff\xfe{}",
        b'{"title": NaN}',
        b'{"title": "\\ud800"}',
        b'{"title": "\xed\xa0\x80"}',
        b'{"agent": "olga", "title": "a"} trailing',
        b"<task/>",
        b"agent=olga&title=x",
        b"[" * 100_000,
    ],
    ids=range(15),
)
def test_a_body_that_is_no_json_object_is_a_400(api, olga, untouched, body):
    for path in ("/tasks", "/tasks/batch", "/agents"):
        refused(api.raw("post", path, body), 400, "bad_request")
    untouched()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(field, value) for field in ALL_STRINGS for value in (5, True, ["x"], {"x": 1}, 1.5)],
        ("title", ""),
        ("title", "   \n\t "),
        ("title", None),
        ("title", "x" * 500_000),
        ("title", "nul \0 byte"),
        ("description", "nul \0 byte"),
        ("description", "x" * 100_001),
        ("done_criteria", "It works"),
        ("done_criteria", [""]),
        ("done_criteria", [5]),
        ("done_criteria", [None]),
        ("done_criteria", [["nested"]]),
        ("done_criteria", ["x"] * 101),
        ("done_criteria", {"1": "x"}),
        ("done_criteria", ["x" * 2001]),
        ("priority", "P4"),
        ("priority", "P-1"),
        ("priority", "urgent"),
        ("priority", 4),
        ("priority", -1),
        ("priority", True),
        ("priority", 1.0),
        ("priority", [1]),
        ("priority", 10**30),
        ("reviewer", "no spaces allowed"),
        ("reviewer", "<script>alert(1)</script>"),
        ("reviewer", "-starts-with-a-dash"),
        ("reviewer", "x" * 41),
        ("assignee", "../../etc/passwd"),
        ("assignee", "system"),
        ("depends_on", "T-1"),
        ("depends_on", ["T-999999"]),
        ("depends_on", ["no-such-thing"]),
        ("depends_on", ["T-99999999999999999999999"]),
        ("depends_on", [1]),
        ("depends_on", [None]),
        ("labels", "x"),
        ("labels", ["x" * 101]),
        ("labels", [{}]),
        ("labels", ["a"] * 51),
        ("skills", ["x" * 61]),
        ("skills", 7),
        ("project", "no spaces"),
        ("project", "x" * 61),
        ("due_at", "tomorrow"),
        ("due_at", 5),
        ("due_at", "2026-13-45T00:00:00Z"),
        ("not_before", "99999-01-01"),
        ("stale_after", "soon"),
        ("stale_after", 30),
        ("stale_after", "0s"),
        ("stale_after", "-5m"),
        ("stale_after", "99999999999999999999d"),
        ("external_id", "x" * 201),
        ("status", "done"),
        ("lease_token", 5),
        ("no_such_field", 1),
    ],
)
def test_a_wrong_value_of_a_task_is_a_422_that_names_the_field(api, olga, untouched, field, value):
    problem = refused(api.post("/tasks", **(TASK | {field: value})), 422, "invalid")
    assert any(name.split("[")[0].split(".")[0] == field for name in problem["errors"])
    in_batch = api.post(
        "/tasks/batch", agent="olga", tasks=[{"title": "fine"}, {"title": "also", field: value}]
    )
    refused(in_batch, 422, "invalid")
    untouched()


@pytest.mark.parametrize(
    "field", ["done_criteria", "labels", "priority", "due_at", "title", "status", "lease_token"]
)
def test_an_edit_with_a_wrong_value_is_a_422(api, task, untouched, field):
    refused(api.patch(f"/tasks/{task[0]}", agent="olga", **{field: {"wrong": 1}}), 422, "invalid")
    untouched()


def test_a_task_cannot_wait_for_itself_by_id_or_by_external_id(api, olga, untouched):
    own = dict(TASK, external_id="me", depends_on=["me"])
    refused(api.post("/tasks", **own), 422, "invalid")
    untouched()
    made = api.post("/tasks", **TASK).json()["id"]
    answer = api.patch(f"/tasks/{made}", agent="olga", depends_on=[made])
    assert "itself" in refused(answer, 422, "invalid")["detail"]


def test_dependencies_of_a_batch_that_go_in_a_circle_are_refused_by_name(api, olga, untouched):
    chain = [{"title": x, "external_id": x, "depends_on": [y]} for x, y in ("ab", "bc", "ca")]
    problem = refused(api.post("/tasks/batch", agent="olga", tasks=chain), 422, "invalid")
    assert "circle" in problem["detail"]
    untouched()


@pytest.mark.parametrize("tasks", [[], "x", None, [5], [[]], {}, [{"title": "x"}] * 1001])
def test_a_batch_is_a_list_of_one_to_a_thousand_tasks(api, olga, untouched, tasks):
    refused(api.post("/tasks/batch", agent="olga", tasks=tasks), 422, "invalid")
    untouched()


def test_one_wrong_task_of_a_batch_leaves_none(api, olga, untouched):
    tasks = [{"title": f"t{n}", "reviewer": "newcomer"} for n in range(20)] + [
        {"title": "x", "depends_on": ["T-77"]}
    ]
    problem = refused(api.post("/tasks/batch", agent="olga", tasks=tasks), 422, "invalid")
    assert list(problem["errors"]) == ["tasks[20].depends_on"]
    untouched()


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1", "limit=0", "limit=201", "limit=x", "limit=1e3", "limit=99999999999999999999",
        "status=open", "status=todo,nope", "status=,", "priority=P9", "priority=P1,x", "stale=perhaps", "ready=2",
        "assignee=no spaces", "assignee=%3Cscript%3E", "reviewer=%00", "project=a b", "q=%00", "label=" + "x" * 101,
        "cursor=zzz", "cursor=" + "x" * 61, "cursor=%00", "cursor=LTU=",
        "cursor=YmVmb3JlOjk5OTk5OTk5OTk5OTk5OTk5OTk5OQ==",
    ],
)  # fmt: skip
def test_a_wrong_filter_of_the_list_is_a_422(api, task, untouched, query):
    refused(api.get(f"/tasks?{query}"), 422, "invalid")
    untouched()


@pytest.mark.parametrize("query", ["wait=-1", "wait=46", "wait=x", "project=a b", "label=%00", "wait=1.5"])
def test_a_wrong_question_for_work_claims_nothing(api, olga, bob, query):
    api.post("/tasks", **TASK)
    refused(api.get(f"/tasks/next?agent=bob&{query}"), 422, "invalid")
    assert api.get("/tasks/active?agent=bob").json() == {"tasks": []}


@pytest.mark.parametrize(
    "name", ["no spaces", "<b>x</b>", "-x", "", "x" * 41, "system", "Ünal", "a/b", "%00"]
)
@pytest.mark.parametrize("call", ["/tasks/next?agent={}", "/tasks/active?agent={}"])
def test_a_name_that_is_none_is_refused(api, untouched, call, name):
    answer = api.get(call.format(name))
    assert answer.status_code in (401, 422)
    refused(answer, answer.status_code, {401: "who_are_you", 422: "invalid"}[answer.status_code])
    untouched()


@pytest.mark.parametrize(
    "ref",
    ["T-999", "999", "t-0", "T--1", "..%2Fx", "x", "T-1%00", "%00", "T-99999999999999999999", "1e5", "٣"],
)
def test_a_task_that_is_not_there_is_a_404(api, task, untouched, ref):
    for path in ("", "/comments", "/events"):
        refused(api.get(f"/tasks/{ref}{path}"), 404, "not_found")
    refused(api.post(f"/tasks/{ref}/claim", agent="ada"), 404, "not_found")
    refused(api.post(f"/tasks/{ref}/comments", agent="ada", text="x"), 404, "not_found")
    untouched()


def test_a_mistyped_task_or_agent_gets_the_nearest(api, task):
    assert "T-" in api.get("/tasks/T-4711").json()["fix"]
    assert "Fix login" in api.get("/tasks/login").json()["fix"]
    assert "olga" in api.get("/agents/olag").json()["fix"]


def test_an_unknown_call_and_a_wrong_method_are_told_where_to_look(api, olga):
    assert "capabilities" in refused(api.get("/no/such/call"), 404, "not_found")["fix"]
    assert "GET" in refused(api.raw("delete", "/tasks", ""), 405, "method_not_allowed")["fix"]
    refused(api.raw("put", "/tasks/T-1", "{}"), 405, "method_not_allowed")


def test_a_body_over_one_mebibyte_is_too_large(api, olga, untouched):
    body = json.dumps(TASK | {"description": "x" * (1024 * 1024)})
    refused(api.raw("post", "/tasks", body), 413, "too_large")
    untouched()


def test_a_call_that_names_nobody_or_two_is_refused(api, task, untouched):
    refused(api.get("/tasks/next"), 401, "who_are_you")
    refused(api.post("/tasks", title="x"), 401, "who_are_you")
    refused(api.raw("post", "/tasks?agent=ada", json.dumps(TASK)), 403, "wrong_agent")
    untouched()


def test_a_status_cannot_be_set_and_the_answer_names_the_call(api, task, untouched):
    answer = api.patch(f"/tasks/{task[0]}", agent="olga", status="cancelled")
    assert f"POST /tasks/{task[0]}/cancel" in refused(answer, 422, "invalid")["detail"]
    untouched()


def test_curl_without_a_content_type_is_understood(api, olga):
    answer = api.raw("post", "/tasks", json.dumps(TASK), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 201


def test_hostile_text_is_kept_as_written(api, olga):
    text = "<script>alert(1)</script> '; DROP TABLE tasks_task; -- {{7*7}} \u202eevil \U0001f600 %s %(x)s"
    made = api.post("/tasks", **(TASK | {"title": text, "description": text, "labels": [text[:50]]})).json()[
        "id"
    ]
    shown = api.get(f"/tasks/{made}").json()
    assert (shown["title"], shown["description"], shown["labels"]) == (text, text, [text[:50]])
    assert api.get("/tasks/next?agent=ada").json()["task"]["title"] == text
