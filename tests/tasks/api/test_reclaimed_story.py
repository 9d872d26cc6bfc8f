"""A session dies without a word more; the next one finds the whole story, over HTTP alone."""

import time
from datetime import timedelta

from tests.tasks.api.conftest import refused


def test_whoever_gets_a_task_that_was_taken_back_finds_its_whole_story(api, olga, settings):
    settings.STALE_AFTER, settings.RECLAIM_AFTER = timedelta(milliseconds=20), timedelta(milliseconds=50)
    criteria = ["A wrong password is refused", "A test shows it"]
    api.post("/tasks", agent="olga", title="Fix login", done_criteria=criteria)
    lease = api.get("/tasks/next?agent=ada").json()["lease"]["token"]
    words = {
        "tried": "Read the handler", "failed": "Clearing the cookie: same error", "decision": "Keep the session",
        "pending": "The second test",
    }  # fmt: skip
    for kind, text in words.items():
        said = {"agent": "ada", "lease": lease, "kind": kind, "text": text}
        assert api.post("/tasks/T-1/comments", **said).status_code == 201
    time.sleep(0.1)
    settings.STALE_AFTER, settings.RECLAIM_AFTER = timedelta(minutes=30), timedelta(hours=1)

    packet = api.get("/tasks/next?agent=bob").json()
    handoff = packet["handoff"]
    assert (packet["task"]["id"], handoff["from"], handoff["readback_needed"]) == ("T-1", "system", True)
    assert "Read the handler" in handoff["done"]
    assert "The second test" in handoff["pending"]
    assert "Clearing the cookie: same error" in handoff["gotchas"]
    assert "Keep the session" in handoff["gotchas"]

    brief = api.get("/tasks/T-1/brief?budget=1500").content.decode()
    for told in [*criteria, *words.values(), "reclaimed", "Handoff 1 from system"]:
        assert told in brief, told
    late = refused(api.post("/tasks/T-1/comments", agent="ada", lease=lease, text="Done!"), 409, "lease_lost")
    assert "taken back" in late["detail"]
    assert late["holder"]["agent"] == "bob"
    me = {"agent": "bob", "lease": packet["lease"]["token"]}
    assert api.post("/tasks/T-1/handoffs/1/readback", **me, text="The second test first").status_code == 201
    notices = api.get("/inbox?agent=ada").json()["items"]
    assert [(one["kind"], one["task"]) for one in notices] == [("lost", "T-1")]
    [posted] = api.get("/channels/blockers/messages").json()["messages"]
    assert posted["text"].startswith("T-1 Fix login was taken back from @ada.")
