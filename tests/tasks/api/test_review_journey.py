"""A journey: written, claimed, submitted, rejected, reworked, approved; and the events tell the story."""


def test_a_task_is_done_when_somebody_else_found_it_to_be(api, olga):
    for name in ("ada", "rita"):
        api.post("/agents", name=name)
        api.post(f"/agents/{name}/heartbeat")
    api.post(
        "/tasks", agent="olga", title="Fix login", done_criteria=["It works", "It is tested"], reviewer="rita"
    )
    lease = api.get("/tasks/next?agent=ada").json()["lease"]["token"]
    evidence = [{"criterion": 1, "text": "tried by hand"}, {"criterion": 2, "text": "test_login passes"}]
    body = {"agent": "ada", "summary": "Cookies are signed", "evidence": evidence}
    body["artifacts"] = [{"label": "PR", "url": "https://example.org/pr/7"}]
    handed_in = api.post("/tasks/T-1/submissions", lease=lease, **body)
    assert handed_in.status_code == 201
    assert handed_in.json() == {"id": "T-1", "status": "validating", "submission": 1, "reviewer": "rita"}

    packet = api.get("/reviews/next?agent=rita").json()
    assert packet["task"]["id"] == "T-1"
    assert packet["submission"]["evidence"] == evidence
    assert packet["submission"]["by"] == "ada"
    findings = [
        {"id": 1, "met": True, "note": "It does"},
        {"id": 2, "met": False, "note": "The test is empty"},
    ]
    review = {"agent": "rita", "submission": 1, "criteria": findings}
    assert api.post("/tasks/T-1/reviews", verdict="reject", **review).json() == {
        "id": "T-1",
        "status": "todo",
    }

    again = api.get("/tasks/next?agent=ada").json()
    assert again["resumed"] is False
    assert again["feedback"] == {"submission": 1, "by": "rita", "comment": "", "criteria": findings}
    assert again["task"]["rejections"] == 1
    handed_in = api.post("/tasks/T-1/submissions", **(body | {"lease": again["lease"]["token"]}))
    assert handed_in.json()["submission"] == 2
    met = [{"id": 1, "met": True, "note": "It does"}, {"id": 2, "met": True, "note": "Now it tests"}]
    review = {"agent": "rita", "submission": 2, "criteria": met, "verdict": "approve", "comment": "Good"}
    assert api.post("/tasks/T-1/reviews", **review).json() == {"id": "T-1", "status": "done"}

    shown = api.get("/tasks/T-1").json()
    assert (shown["status"], shown["done_via"]) == ("done", "approval")
    story = [event["kind"] for event in api.get("/tasks/T-1/events").json()["events"]]
    assert story == [
        "task.created",
        "task.claimed",
        "task.submitted",
        "task.rejected",
        "task.claimed",
        "task.submitted",
        "task.approved",
    ]
    log = [entry["text"] for entry in api.get("/tasks/T-1/comments").json()["comments"]]
    assert "The test is empty" in log[1]
    assert log[-1] == "approve 2: Good"
    stats = api.get("/stats").json()
    assert (stats["done"], stats["rejected"], stats["rejection_rate"]) == (1, 1, 0.5)
    assert stats["by_agent"][0]["agent"] == "ada"


def test_nobody_named_is_somebody_chosen_who_has_not_worked_on_it(api, olga):
    for name in ("ada", "bob", "rita"):
        api.post("/agents", name=name)
        api.post(f"/agents/{name}/heartbeat")
    for n in range(2):
        api.post("/tasks", agent="olga", title=f"t{n}", done_criteria=["x"])
    reviewers = []
    for name in ("ada", "ada"):
        lease = api.get(f"/tasks/next?agent={name}").json()
        body = {"agent": name, "lease": lease["lease"]["token"], "summary": "s"}
        path = f"/tasks/{lease['task']['id']}/submissions"
        reviewers.append(api.post(path, evidence=[{"criterion": 1, "text": "e"}], **body).json()["reviewer"])
    assert sorted(reviewers) == ["bob", "rita"]
