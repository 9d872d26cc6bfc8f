"""Bad comments, questions to the log, and agents: each a clear answer, and nothing written."""

import pytest

from tests.tasks.api.conftest import refused


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "  "},
        {"text": None},
        {"text": 5},
        {"text": "x" * 20_001},
        {"text": "nul \0"},
        {"text": "x", "kind": "shout"},
        {"text": "x", "kind": "move"},
        {"text": "x", "kind": 5},
        {"text": "x", "lease": "many"},
        {"text": "x", "lease": 1.5},
        {"text": "x", "lease": True},
        {"text": "x", "lease": -1},
        {"text": "x", "lease": 2**63},
        {"text": "x", "lease": [1]},
        {},
    ],
)
def test_a_wrong_comment_is_a_422(api, task, untouched, body):
    refused(api.post(f"/tasks/{task[0]}/comments", agent="ada", **body), 422, "invalid")
    untouched()


@pytest.mark.parametrize("query", ["since=x", "since=-1", "limit=0", "limit=501", "kind=shout", "since=%00"])
def test_a_wrong_question_to_the_log_is_a_422(api, task, query):
    refused(api.get(f"/tasks/{task[0]}/comments?{query}"), 422, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "no spaces"},
        {"name": 5},
        {},
        {"name": "newbie", "kind": "robot"},
        {"name": "newbie", "skills": "python"},
        {"name": "newbie", "skills": [5]},
        {"name": "newbie", "wip_limit": 0},
        {"name": "newbie", "wip_limit": -1},
        {"name": "newbie", "wip_limit": 1001},
        {"name": "newbie", "wip_limit": "many"},
        {"name": "newbie", "paused_until": "later"},
        {"name": "newbie", "role": 5},
    ],
)
def test_a_wrong_agent_is_a_422(api, olga, untouched, body):
    refused(api.post("/agents", **body), 422, "invalid")
    untouched()
