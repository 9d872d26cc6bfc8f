"""A digest as Markdown: at most 600 tokens, needs of humans first, nobody's markup but the board's own."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.queries import digest_text

NOW = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
SINCE = NOW - timedelta(hours=4)
PRESENCES = ("count", "working", "reviewing", "idle", "blocked", "offline")


def tasks(many, *, title="Fix login", **facts):
    return {
        "count": many,
        "tasks": [
            {"id": f"T-{n}", "title": title, "for": 3700, **facts} for n in range(1, min(many, 20) + 1)
        ],
    }


def data(many, **text):
    return {
        "needs_human": tasks(many, why="blocked for more than 4h", **text),
        "tasks": dict.fromkeys(("todo", "doing", "blocked", "validating", "done", "cancelled"), many),
        "ready": {"count": many, "reserved": many},
        "stale": tasks(many, holder="ada", **text),
        "abandoned": tasks(many, reserved_for="bob", **text),
        "blocked": tasks(many, why="The key is missing", needs="A key", **text),
        "reviews": tasks(many, reviewer=None, **text),
        "shipped": tasks(many, worker="ada", by="rita", via="approved", **text),
        "rejected": tasks(many, worker="ada", by="rita", via="rejected", **text),
        "agents": {**dict.fromkeys(PRESENCES, many), "online": []},
    }


def write(many, **text):
    return digest_text.write(data(many, **text), since=SINCE, now=NOW)


def test_it_reads_so():
    assert write(1) == (
        "# Digest of 2026-03-02 16:00 UTC\n\n"
        "**Needs a human: 1**\n- T-1 Fix login: blocked for more than 4h, 1h\n\n"
        "Tasks: 1 todo, 1 doing, 1 blocked, 1 validating, 1 done, 1 cancelled.\nReady: 1, reserved: 1.\n\n"
        "Stale: 1\n- T-1 Fix login, ada silent for 1h\n\n"
        "Abandoned?: 1\n- T-1 Fix login, kept for bob, 1h\n\n"
        "Blocked: 1\n- T-1 Fix login, for 1h: The key is missing\n\n"
        "Waiting for review: 1\n- T-1 Fix login, no reviewer, for 1h\n\n"
        "Shipped since 03-02 12:00: 1\n- T-1 Fix login, by ada\n\n"
        "Rejected since 03-02 12:00: 1\n- T-1 Fix login, by rita\n\n"
        "Agents: 1; 1 working, 1 reviewing, 1 idle, 1 blocked, 1 offline.\n"
    )


@pytest.mark.parametrize("many", [0, 1, 3, 20, 999, 1000])
@pytest.mark.parametrize("title", ["Fix login", "x" * 300, "[" * 300, "Ж" * 300])
def test_it_stays_within_its_budget_and_names_as_many_as_fit(many, title):
    text = write(many, title=title)
    assert len(text) <= digest_text.LONGEST == 600 * 4
    assert text.index("Needs a human") < text.index("Tasks:")
    if many >= 1000:
        assert "Stale: 1000+" in text
    if many and len(title) < 20:
        assert text.count("T-1 ") == 7


def test_what_agents_wrote_is_no_markup():
    text = write(1, title="[click](http://x) `code` *bold* <b>\n# heading | ![i](j)")
    assert r"\[click\](http://x) \`code\` \*bold\* \<b\>" in text
    assert "\n# heading" not in text
    assert text.count("\n#") == 0
