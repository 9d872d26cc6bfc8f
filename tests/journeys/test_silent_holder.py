"""A holder goes silent, in real seconds, on a real server beside a real scheduler."""

import json
import time
import urllib.error
import urllib.request

import pytest
from django_q.models import Schedule

from tests import real_server
from tests.agentboard.cli import operating

pytestmark = pytest.mark.journey

SETTINGS = {"STALE_AFTER": "2s", "RECLAIM_AFTER": "4s", "OFFLINE_AFTER": "2s", "MAX_ATTEMPTS": "2"}
PATIENCE = 40  # seconds
LONG_AGO = "2026-01-01T00:00Z"


class Board:
    """Calls to a board whose scheduler has its minutes shortened: every job is due again whenever the test looks."""

    def __init__(self, url):
        self.url = url

    def call(self, path, **body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode() if body else None)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return json.load(refusal)

    def wait_for(self, task, kind, many=1):
        deadline = time.monotonic() + PATIENCE
        while True:
            events = self.call(f"/tasks/{task}/events?limit=500")["events"]
            found = [event for event in events if event["kind"] == kind]
            if len(found) >= many:
                return found[-1]["data"]
            assert time.monotonic() < deadline, events
            Schedule.objects.update(next_run=LONG_AGO)
            time.sleep(0.2)


def test_flagged_warned_taken_back_claimed_again_refused_and_given_up(own_board, tmp_path):
    with (
        real_server.running(own_board, **SETTINGS) as server,
        operating.running("scheduler", DATABASE_URL=own_board, DATA_DIR=tmp_path, **SETTINGS),
    ):
        board = Board(server.url)
        new = {"agent": "olga", "title": "Fix login", "done_criteria": ["It works"]}
        task = board.call("/tasks", **new)["id"]
        lease = board.call("/tasks/next?agent=ada")["lease"]["token"]
        word = {"agent": "ada", "lease": lease, "kind": "failed", "text": "Caching breaks it"}
        board.call(f"/tasks/{task}/comments", **word)

        assert board.wait_for(task, "task.stale")["holder"] == "ada"
        log = board.call(f"/tasks/{task}/comments")["comments"]
        warning = next(entry for entry in log if entry["by"] == "system")
        assert "A comment by ada keeps the task" in warning["text"]
        assert board.wait_for(task, "task.reclaimed")["worker"] == "ada"

        packet = board.call("/tasks/next?agent=bob")
        assert (packet["task"]["id"], packet["task"]["attempts"]) == (task, 2)
        assert packet["lease"]["token"] > lease
        handoff = packet["handoff"]
        assert (handoff["from"], handoff["readback_needed"]) == ("system", True)
        assert "failed (ada): Caching breaks it" in handoff["gotchas"]
        late = board.call(f"/tasks/{task}/comments", **word)
        assert late["code"] == "lease_lost"
        assert f"Your lease on {task} was taken back at" in late["detail"]

        assert board.wait_for(task, "task.given_up")["worker"] == "bob"
        assert board.call(f"/tasks/{task}")["status"] == "blocked"
        assert board.call("/tasks/next?agent=bob")["task"] is None
        digest = board.call("/digest?fresh=1")
        assert [one["why"] for one in digest["needs_human"]["tasks"]] == [
            "Taken back 2 times in a row; is it the right task, and can it be done?"
        ]
        health = board.call("/health")
        assert (health["status"], bool(health["scheduler"]["last_run"])) == ("ok", True)


def test_without_any_scheduler_a_silent_holder_keeps_nobody_waiting(own_board):
    with real_server.running(own_board, **SETTINGS) as server:
        board = Board(server.url)
        task = board.call("/tasks", agent="olga", title="Fix login", done_criteria=["It works"])["id"]
        board.call("/tasks/next?agent=ada")
        began = time.monotonic()
        assert board.call("/tasks/next?agent=bob")["task"] is None
        assert board.call("/tasks/next?agent=bob&wait=12")["task"]["id"] == task
        assert 3 < time.monotonic() - began < 10
