"""Ways to get a task done without doing it. Each is refused with the right code, and every row stays as it was."""

import json

import pytest

from tasks.domain import authoring, claims, reviews, submissions
from tasks.models import Agent, Review
from tests.conftest import NOW
from tests.tasks.api.conftest import everything

MET = [{"id": 1, "met": True, "note": "seen"}, {"id": 2, "met": True, "note": "seen"}]
EVIDENCE = [{"criterion": 1, "text": "a"}, {"criterion": 2, "text": "b"}]


@pytest.fixture
def board(api, ada, bob, rita, olga, zed):
    """Makes a task in the state that is asked for; ada worked on it, bob on the one that was released before."""

    def task(title, *, reviewer="rita", by=olga):
        draft = authoring.Draft(title=title, done_criteria=["works", "tested"], reviewer=reviewer)
        return authoring.write([draft], by=by, now=NOW).tasks[0]

    def claim(one, agent):
        Agent.objects.update(wip_limit=99)
        claims.claim(one, by=agent, now=NOW)
        one.refresh_from_db()
        return one

    def submit(one, agent):
        handed_in = submissions.HandIn("s", [(1, "a"), (2, "b")])
        submissions.submit(one, handed_in, by=agent, lease=one.lease_token, now=NOW)
        one.refresh_from_db()
        return one

    def judge(one, verdict, number=1):
        findings = [reviews.Finding(n, verdict == "approve", "seen") for n in (1, 2)]
        judged = Review.Judgement(verdict)
        reviews.judge(one, by=rita, submission=number, verdict=judged, findings=findings, comment="", now=NOW)
        one.refresh_from_db()
        return one

    def two_workers():
        handed_over = claim(task("two workers"), bob)
        api.post(f"/tasks/{handed_over.pk}/release", agent="olga", reason="bob is needed elsewhere")
        return submit(claim(handed_over, ada), ada)

    made = {
        "todo": lambda: task("todo"),
        "doing": lambda: claim(task("doing"), ada),
        "open": lambda: submit(claim(task("nobody named", reviewer=None), ada), ada),
        "validating": lambda: submit(claim(task("validating"), ada), ada),
        "own": lambda: claim(task("bob is creator and worker", reviewer=None, by=bob), bob),
        "done": lambda: judge(submit(claim(task("done"), ada), ada), "approve"),
        "second": lambda: submit(claim(judge(submit(claim(task("rejected"), ada), ada), "reject"), ada), ada),
        "two_workers": two_workers,
    }
    return lambda state: made[state]()


def submission(**changes):
    return {"agent": "ada", "summary": "s", "evidence": EVIDENCE} | changes


def review(**changes):
    return {"agent": "rita", "submission": 1, "verdict": "approve", "criteria": MET} | changes


# Each: the task, the call, its body (a callable takes the task), the status and code it is refused with.
WAYS = {
    # reviewing what one made
    "the worker approves": ("validating", "reviews", review(agent="ada"), 403, "own_work"),
    "the worker rejects, to look honest": (
        "validating", "reviews", review(agent="ada", verdict="reject", criteria=[MET[0], MET[1] | {"met": False}]),
        403, "own_work",
    ),
    "the worker reviews where nobody is named": ("open", "reviews", review(agent="ada"), 403, "own_work"),
    "an earlier worker approves": ("two_workers", "reviews", review(agent="bob"), 403, "own_work"),
    "the worker writes its name in capitals": ("validating", "reviews", review(agent="ADA"), 403, "own_work"),
    "the worker approves while it still works": ("doing", "reviews", review(agent="ada"), 403, "own_work"),
    # reviewing what is another's to review
    "a stranger approves": ("validating", "reviews", review(agent="zed"), 403, "not_the_reviewer"),
    "a newcomer approves": ("validating", "reviews", review(agent="made-up-now"), 403, "not_the_reviewer"),
    "two names in one call": ("validating", "reviews?agent=rita", review(agent="ada"), 403, "wrong_agent"),
    "nobody signs": ("validating", "reviews", {k: v for k, v in review().items() if k != "agent"}, 401, "who_are_you"),
    "the board itself signs": ("validating", "reviews", review(agent="system"), 422, "invalid"),
    # verdicts that are none
    "a criterion is skipped": ("validating", "reviews", review(criteria=MET[:1]), 422, "invalid"),
    "no criterion is judged": ("validating", "reviews", review(criteria=[]), 422, "invalid"),
    "one criterion is judged twice, the other never": (
        "validating", "reviews", review(criteria=[MET[0], MET[0]]), 422, "invalid",
    ),
    "a criterion is judged twice": ("validating", "reviews", review(criteria=[*MET, MET[0]]), 422, "invalid"),
    "a criterion that is not there": (
        "validating", "reviews", review(criteria=[*MET, {"id": 3, "met": True, "note": "x"}]), 422, "invalid",
    ),
    "a blank note": ("validating", "reviews", review(criteria=[MET[0], MET[1] | {"note": " \n"}]), 422, "invalid"),
    "no note": ("validating", "reviews", review(criteria=[MET[0], {"id": 2, "met": True}]), 422, "invalid"),
    "an approval with one unmet": (
        "validating", "reviews", review(criteria=[MET[0], MET[1] | {"met": False}]), 422, "invalid",
    ),
    "a rejection with none unmet": ("validating", "reviews", review(verdict="reject"), 422, "invalid"),
    "met is a word": ("validating", "reviews", review(criteria=[MET[0], MET[1] | {"met": "yes"}]), 422, "invalid"),
    "met is a number": ("validating", "reviews", review(criteria=[MET[0], MET[1] | {"met": 1}]), 422, "invalid"),
    "a verdict of its own making": ("validating", "reviews", review(verdict="lgtm"), 422, "invalid"),
    "criteria are a word": ("validating", "reviews", review(criteria="all met"), 422, "invalid"),
    # the wrong submission, the wrong time
    "a verdict on an old submission": ("second", "reviews", review(submission=1), 409, "wrong_state"),
    "a verdict on a submission to come": ("validating", "reviews", review(submission=2), 409, "wrong_state"),
    "an approval before anything was handed in": ("todo", "reviews", review(), 409, "wrong_state"),
    "an approval of work under way": ("doing", "reviews", review(), 409, "wrong_state"),
    "a second review of the same submission": ("done", "reviews", review(), 409, "wrong_state"),
    # handing in what is not one's own, or not whole
    "a submission without a lease": ("doing", "submissions", submission(), 422, "invalid"),
    "a submission with a guessed lease": ("doing", "submissions", submission(lease=99), 409, "lease_lost"),
    "a submission with an old lease": ("second", "submissions", submission(lease=1), 409, "lease_lost"),
    "a submission by somebody else": ("doing", "submissions", submission(agent="zed", lease=1), 409, "lease_lost"),
    "a second submission": ("validating", "submissions", submission(lease=1), 409, "lease_lost"),
    "evidence for one criterion only": (
        "doing", "submissions", submission(lease=1, evidence=EVIDENCE[:1]), 422, "invalid",
    ),
    "blank evidence": (
        "doing", "submissions", submission(lease=1, evidence=[EVIDENCE[0], {"criterion": 2, "text": " "}]),
        422, "invalid",
    ),
    "evidence for what was never asked": (
        "doing", "submissions", submission(lease=1, evidence=[*EVIDENCE, {"criterion": 3, "text": "x"}]),
        422, "invalid",
    ),
    "no summary": ("doing", "submissions", submission(lease=1, summary=""), 422, "invalid"),
    "an artifact that runs": (
        "doing", "submissions", submission(lease=1, artifacts=[{"label": "x", "url": "javascript:alert(1)"}]),
        422, "invalid",
    ),
    "a reviewer of one's own choice, with the submission": (
        "doing", "submissions", submission(lease=1, reviewer="zed"), 422, "invalid",
    ),
    # moving the goal
    "the worker drops a criterion": (
        "doing", "PATCH", {"agent": "ada", "done_criteria": ["works"]}, 409, "wrong_state",
    ),
    "the creator drops one under way, unseen": (
        "doing", "PATCH", {"agent": "olga", "done_criteria": ["works"]}, 409, "wrong_state",
    ),
    "criteria are edited while they are judged": (
        "validating", "PATCH", {"agent": "olga", "done_criteria": ["works"]}, 409, "wrong_state",
    ),
    "criteria are edited after the end": (
        "done", "PATCH", {"agent": "olga", "done_criteria": ["works"]}, 409, "wrong_state",
    ),
    "the worker amends them": (
        "doing", "criteria", {"agent": "ada", "done_criteria": ["works"], "reason": "simpler"}, 403, "own_work",
    ),
    "the creator amends them, being the worker": (
        "own", "criteria", {"agent": "bob", "done_criteria": ["works"], "reason": "simpler"}, 403, "own_work",
    ),
    "a stranger amends them": (
        "doing", "criteria", {"agent": "zed", "done_criteria": ["works"], "reason": "simpler"}, 403, "forbidden",
    ),
    "an amendment without a reason": (
        "doing", "criteria", {"agent": "olga", "done_criteria": ["works"], "reason": " "}, 422, "invalid",
    ),
    "an amendment to nothing": (
        "doing", "criteria", {"agent": "olga", "done_criteria": [], "reason": "none needed"}, 422, "invalid",
    ),
    "an amendment of what is done": (
        "done", "criteria", {"agent": "olga", "done_criteria": ["works"], "reason": "r"}, 409, "wrong_state",
    ),
    # choosing the judge
    "the worker names a friend": ("doing", "PATCH", {"agent": "ada", "reviewer": "zed"}, 403, "own_work"),
    "the worker removes the reviewer": ("validating", "PATCH", {"agent": "ada", "reviewer": None}, 403, "own_work"),
    "an earlier worker names the reviewer": (
        "two_workers", "PATCH", {"agent": "bob", "reviewer": "zed"}, 403, "own_work",
    ),
    "the worker is named": ("validating", "PATCH", {"agent": "olga", "reviewer": "ada"}, 422, "invalid"),
    "an earlier worker is named": ("two_workers", "PATCH", {"agent": "olga", "reviewer": "bob"}, 422, "invalid"),
    # round the gate
    "the status is set": ("validating", "PATCH", {"agent": "olga", "status": "done"}, 422, "invalid"),
    "the way it was done is set": ("validating", "PATCH", {"agent": "olga", "done_via": "approval"}, 422, "invalid"),
    "an agent overrides": ("validating", "override", {"agent": "ada", "reason": "it is fine"}, 403, "forbidden"),
    "its reviewer overrides": ("validating", "override", {"agent": "rita", "reason": "it is fine"}, 403, "forbidden"),
    "a human overrides without a reason": ("validating", "override", {"agent": "olga", "reason": ""}, 422, "invalid"),
    "what is done is overridden": ("done", "override", {"agent": "olga", "reason": "r"}, 409, "wrong_state"),
    "a verdict in the log counts": (
        "validating", "comments", {"agent": "ada", "text": "approve 1", "kind": "move"}, 422, "invalid",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_it_does_not_work(api, board, way):
    name, call, body, status, code = WAYS[way]
    task = board(name)
    before = everything()
    if call == "PATCH":
        answer = api.patch(f"/tasks/{task.pk}", **body)
    else:
        answer = api.raw("post", f"/tasks/{task.pk}/{call}", json.dumps(body))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert answer.json()["fix"]
    after = everything()
    if way == "a newcomer approves":
        after["tasks_agent"].pop()
        after["tasks_event"].pop()
    assert after == before


def test_there_are_at_least_forty_ways():
    assert len(WAYS) >= 40


@pytest.mark.parametrize(
    "field", ["status", "done_via", "attempts", "lease_token", "finished_at", "reviewed"]
)
def test_a_task_is_not_born_done(api, olga, field):
    before = everything()
    item = {"title": "t", field: "done"}
    assert api.post("/tasks", agent="olga", **item).json()["code"] == "invalid"
    assert api.post("/tasks/batch", agent="olga", tasks=[item]).json()["code"] == "invalid"
    assert everything() == before


def test_a_chat_message_approves_nothing(api, board):
    task = board("validating").pk
    for text in ("LGTM", "approved", "/approve", "@rita approved this"):
        answer = api.post(f"/tasks/{task}/comments", agent="ada", text=text)
        assert answer.json()["status"] == "validating"


def test_the_honest_way_is_short(api, board):
    task = board("validating").pk
    assert api.post(f"/tasks/{task}/reviews", **review()).json()["status"] == "done"


def test_a_human_may_approve_whoever_is_named_but_not_its_own_work(api, board, olga):
    assert (
        api.post(f"/tasks/{board('validating').pk}/reviews", **review(agent="olga")).json()["status"]
        == "done"
    )
    own = authoring.write([authoring.Draft(title="t", done_criteria=["a", "b"])], by=olga, now=NOW).tasks[0]
    claims.claim(own, by=olga, now=NOW)
    submissions.submit(own, submissions.HandIn("s", [(1, "a"), (2, "b")]), by=olga, lease=1, now=NOW)
    answer = api.post(f"/tasks/{own.pk}/reviews", **review(agent="olga"))
    assert answer.json()["code"] == "own_work"


def test_an_override_never_looks_like_an_approval(api, board):
    task = board("doing").pk
    answer = api.post(f"/tasks/{task}/override", agent="olga", reason="the client has gone")
    assert answer.json()["status"] == "done"
    shown = api.get(f"/tasks/{task}").json()
    assert shown["done_via"] == "override"
    kinds = [event["kind"] for event in api.get(f"/tasks/{task}/events").json()["events"]]
    assert kinds[-1] == "task.overridden"
    assert "task.approved" not in kinds
    assert api.get("/stats").json()["overridden"] == 1


def test_an_amendment_voids_what_was_submitted_and_judged(api, board):
    task = board("validating").pk
    body = {"agent": "olga", "done_criteria": ["works", "tested", "documented"], "reason": "forgot the docs"}
    assert api.post(f"/tasks/{task}/criteria", **body).json() == {
        "id": f"T-{task}",
        "status": "todo",
        "version": 2,
    }
    late = api.post(f"/tasks/{task}/reviews", **review())
    assert late.json()["code"] == "wrong_state"
    packet = api.post(f"/tasks/{task}/claim", agent="ada").json()
    assert [one["text"] for one in packet["task"]["done_criteria"]] == ["works", "tested", "documented"]
    assert packet["feedback"] is None
    log = [entry["text"] for entry in api.get(f"/tasks/{task}/comments").json()["comments"]]
    assert log[-1] == "amend criteria to version 2: forgot the docs"
