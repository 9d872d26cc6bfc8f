"""`GET /tasks/{id}/brief`."""

from __future__ import annotations

import pytest

from tasks.api import briefs
from tasks.domain import agents
from tasks.models import Agent
from tests.tasks.api.conftest import refused
from tests.tasks.api.test_answers import fits


def test_a_brief_is_markdown_within_its_budget(api, task):
    ref, lease = task
    for at in range(40):
        api.post(f"/tasks/{ref}/comments", agent="ada", lease=lease, kind="failed", text=f"{at} 漢🧵 " * 200)
    for path, tokens in ((f"/tasks/{ref}/brief", 1500), (f"/tasks/{ref[2:]}/brief?budget=150", 150)):
        answer = api.get(path)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        text = answer.content.decode()
        assert tokens * 3 < len(text) <= tokens * 4
        assert text.startswith(f"# {ref} Fix login\ndoing since ")
        assert "\n1. [ ] It works\n" in text
        assert api.get(path).content == answer.content


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "text/markdown; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/markdown; charset=utf-8"),
        ("application/json, text/markdown", "text/markdown; charset=utf-8"),
        ("application/json", "application/json"),
        ("Application/JSON;q=0.9, */*;q=0.1", "application/json"),
    ],
)
def test_json_is_for_whoever_asks_for_it(api, task, accept, kind):
    answer = api.get(f"/tasks/{task[0]}/brief", Accept=accept)
    assert (answer["Content-Type"], answer["Vary"]) == (kind, "Accept")
    if kind == "application/json":
        fits(briefs.Brief, answer.json())
        assert answer.json()["brief"] == api.get(f"/tasks/{task[0]}/brief").content.decode()


@pytest.mark.parametrize("budget", ["149", "20001", "-1", "0", "x", "1e3", "99999999999999999999999"])
def test_a_budget_that_is_none_is_refused(api, task, budget):
    problem = refused(api.get(f"/tasks/{task[0]}/brief?budget={budget}"), 422, "invalid")
    assert list(problem["errors"]) == ["budget"]


def test_the_brief_of_a_task_there_is_not_names_the_nearest(api, task):
    assert task[0] in refused(api.get("/tasks/T-999/brief"), 404, "not_found")["fix"]


def test_reading_a_brief_is_a_sign_of_life_and_changes_nothing_else(api, task, untouched):
    Agent.objects.filter(name="ada").update(last_seen_at=None)
    assert api.get(f"/tasks/{task[0]}/brief", **{"X-Agent": "ada"}).status_code == 200
    assert agents.find("ada").last_seen_at
    untouched()
