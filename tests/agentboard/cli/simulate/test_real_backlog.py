"""A team drains the backlog of a real project on a real server, with deaths of its sessions and of the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tasks.domain import agents, authoring
from tasks.models import Event, Review, Submission, Task
from tests import real_server
from tests.agentboard.cli import operating
from tests.tasks import invariants

pytestmark = [pytest.mark.journey, pytest.mark.once]

FILE = Path(__file__).resolve().parents[5] / "shared/data/beads-3003.jsonl"
CRITERIA = ["--criteria", "The change is merged", "--criteria", "A test shows it"]
SIMULATE = [sys.executable, "-m", "agentboard.cli.main", "simulate"]
UNFINISHED = 325
LEFT = {
    "have no done criteria": 1,
    "wait for others": 1,
    "are for other agents": 1,
    "are not to be begun yet": 1,
}

if not FILE.exists():
    pytest.skip(f"NOT TESTED on the real backlog: {FILE} is not there", allow_module_level=True)


def take_in(board: str) -> None:
    """The backlog, whose reservations for the people of the time lapse at once."""
    done = operating.run("import", "beads", str(FILE), *CRITERIA, DATABASE_URL=board, RESERVE_FOR="1s")
    assert done.code == 0, done.err


def add_what_nobody_may_be_given() -> None:
    """Four tasks more: without criteria, waiting for that one, for another skill, and for another time."""
    olga, ready = agents.register("olga", now=datetime.now(UTC)), {"done_criteria": ["It works"]}
    drafts: list[dict[str, Any]] = [
        {"external_id": "vague"},
        {"depends_on": ["vague"], **ready},
        {"skills": ["juggling"], **ready},
        {"not_before": datetime.now(UTC) + timedelta(days=1), **ready},
    ]
    authoring.write(
        [authoring.Draft(title="Not now", **draft) for draft in drafts], by=olga, now=datetime.now(UTC)
    )


def drain(server: real_server.RealServer, *options: str) -> subprocess.Popen[str]:
    """Eight agents at it, as a process of their own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AGENTBOARD_")}
    arguments = ["--drain", "--agents", "8", "--pace", "0.005", "--url", server.url, "--json"]
    return subprocess.Popen(
        [*SIMULATE, *arguments, *options],
        cwd=real_server.ROOT,
        env=others,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def summary(playing: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = playing.communicate(timeout=240)
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    assert found["violations"] == []
    assert playing.returncode == 0
    return found


def test_everything_ends_done_although_agents_and_the_server_die(own_board):
    take_in(own_board)
    add_what_nobody_may_be_given()
    assert Task.objects.filter(claimable=True, lane__skills=[]).count() == 147
    with real_server.running(own_board) as server, drain(server, "--death-rate", "0.04") as playing:
        until(lambda: Event.objects.filter(kind="task.approved").count() >= 40)
        server.kill()
        with real_server.running(own_board, port=urlsplit(server.url).port or 0):
            found = summary(playing)

    assert (found["left"], found["cut_off"] > 0, found["deaths"] > 10) == (LEFT, True, True)
    assert Task.objects.exclude(status="done").count() == sum(LEFT.values())
    worked_on = Task.objects.filter(done_via="approval")
    assert worked_on.count() == UNFINISHED == Event.objects.filter(kind="task.approved").count()
    assert found["rejections"] > 0
    assert Submission.objects.count() == Review.objects.count() >= UNFINISHED + found["rejections"]
    assert overtaken() == []
    assert invariants.broken() == []


def overtaken() -> list[tuple[str, str]]:
    """Tasks that were claimed before what they wait for was approved, found in another way than the audit does it."""
    approved = dict(Event.objects.filter(kind="task.approved").values_list("task", "id"))
    claims = (
        Event.objects.filter(kind="task.claimed")
        .select_related("task")
        .prefetch_related("task__dependencies")
    )
    return [
        (claim.task.ref, f"T-{link.depends_on_id}")
        for claim in claims
        for link in claim.task.dependencies.all()
        if approved.get(link.depends_on_id, 0) > claim.id
    ]


def until(happened: Any, *, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)
