"""The nearest names to a mistyped one."""

from datetime import timedelta

import pytest

from tasks.domain import agents, projects
from tasks.queries import nearest


@pytest.mark.parametrize(
    ("typed", "found"),
    [("worker-1", ["worker-1"]), ("linc", ["link"]), ("lnik", ["link"]), ("qqqq", []), ("", [])],
)
def test_the_names_like_a_mistyped_one_are_found(db, now, typed, found):
    for name in ("link", "echo", "sage", "worker-1"):
        agents.register(name, now=now)
        projects.find_or_create(name, now=now)
    assert nearest.agents(typed) == found
    assert nearest.projects(typed) == found


def test_there_are_three_at_most_and_the_best_comes_first(db, now):
    for name in ("worker", "worker-12", "worker-1", "worker-123"):
        agents.register(name, now=now)
    assert nearest.agents("worker-1") == ["worker-1", "worker-12", "worker-123"]


def test_of_a_crowd_those_seen_lately_are_compared(db, now, monkeypatch):
    monkeypatch.setattr(nearest, "_COMPARED", 2)
    agents.register("worker-1", now=now, last_seen_at=now)
    agents.register("worker-2", now=now, last_seen_at=now - timedelta(days=1))
    agents.register("worker-3", now=now)
    agents.register("worker-4", now=now, last_seen_at=now + timedelta(days=1))
    assert set(nearest.agents("worker")) == {"worker-1", "worker-4"}
