"""Briefs: within budget, with every criterion, the same twice, and nobody's words taken for the board's."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.domain import limits
from tasks.models import Agent, Project, Task
from tasks.queries import briefs, excerpts, highlights, stories
from tasks.queries.brief_header import LEGEND
from tasks.queries.excerpts import Excerpt
from tests.tasks.queries import tellable
from tests.tasks.queries.tellable import NOW

pytestmark = pytest.mark.once

NAME, AT = "[a-z0-9._-]+", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
CRITERION = re.compile(r"(\d+)(?:\. \[[x -]\] |[ +-])(.*)")
# Every line the board may write, but for the title's and the criteria's.
OURS = [re.compile(pattern) for pattern in (
    "", re.escape(LEGEND), rf"(todo|doing|blocked|validating|done|cancelled) since {AT}[^>#]*\.",
    r"(no reviewer|reviewer rita); P\d; project main[a-z0-9; ]*\.", r"Labels:", r"A human is asked:",
    r"Depends on (T-\d+ \(todo\)(, )?)+( and more)?\.", r"None yet; before it has some, .*",
    r"## Done criteria( \(\[x\] met, \[-\] not met, \[ \] not judged(; whole: GET /tasks/T-\d+)?\))?",
    r"## Criteria, cut by \d+(, \+ met - not)?: GET /tasks/T-\d+",
    rf"## Handoff 7 from {NAME} to [a-z ]+, {AT}(; not read back yet)?",
    rf"## (Approved|Unanswered feedback: rejected) by {NAME}, {AT} \(submission 1\)",
    rf"## Submission 1 by {NAME}, {AT}",
    "## (Description|Blocked|Earlier blocks|Failed|Decisions|Pending|Questions|Notes|Attempts, newest first)",
    rf"(Read back by |Resolved by )?{NAME},( note,| tried,| move,)? {AT}:", rf"{NAME}, {AT} to now",
    "(Done|Pending|Gotchas|Needs|Caveats|Artifacts|All in all):", r"Criterion \d+, (not )?met:",
    r"\[…\d+ characters left out: GET /tasks/T-\d+(/comments\?[a-z0-9=&]+)?…\]", r"Left out: .*\. To read on: GET .*",
)]  # fmt: skip

A_LOT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@given(story=tellable.told(), budget=st.integers(briefs.LEAST, 3000) | st.just(briefs.MOST))
@A_LOT
def test_any_story_fits_any_budget_with_every_criterion_and_is_the_same_twice(story, budget):
    text = briefs.build(story, budget=budget)
    assert len(text) <= 4 * budget
    assert text == briefs.build(story, budget=budget)
    assert text.startswith(f"# {story.task.ref}")

    shown = _criteria(text)
    assert [number for number, _ in shown] == [number for number, _ in story.criteria]
    for (_, part), (_, whole) in zip(shown, story.criteria, strict=True):
        assert excerpts.line(part)[:1] == excerpts.line(whole)[:1]


@given(story=tellable.told(), budget=st.integers(briefs.LEAST, 3000) | st.just(briefs.MOST))
@A_LOT
def test_no_line_that_agents_wrote_passes_for_one_of_the_board(story, budget):
    _, *rest = briefs.build(story, budget=budget).splitlines()
    ours = [line for line in rest if not line.startswith(">") and not CRITERION.match(line)]
    assert [line for line in ours if not any(pattern.fullmatch(line) for pattern in OURS)] == []
    assert [char for line in rest for char in line if _acts_on_a_terminal(char)] == []


def story(**parts: object) -> stories.Story:
    fields = {
        "pk": 12,
        "title": "Fix login",
        "status": "todo",
        "status_since": NOW,
        "project": Project(name="main"),
    }
    task = Task(**fields | {"created_by": Agent(name="olga")} | parts.pop("task", {}))
    return stories.Story(task=task, **{"criteria": [(1, "It works")], **parts})


def entry(number: int, kind: str = "note", text: str = "Hm", by: str = "ada") -> highlights.Entry:
    return highlights.Entry(number, by, kind, NOW, Excerpt.of(text))


HUGE = {
    "task": {"description": "d" * limits.DESCRIPTION, "title": "t" * limits.TITLE},
    "labels": ["l" * limits.LABEL] * limits.LABELS,
    "entries": [entry(n, kind, "e" * limits.COMMENT) for n, kind in enumerate(highlights.KINDS * 20, 1)],
    "handoff": stories.Handoff(7, "ada", None, NOW, *["h" * 20_000] * 3),
    "handed_in": stories.HandedIn(1, "ada", NOW, "s" * 20_000),
    "blocks": [stories.Block("ada", NOW, "b" * 20_000, "n" * 20_000)],
}


def judged(count: int, note: str = "n") -> stories.Judged:
    return stories.Judged("rita", NOW, False, "c", [(n, n > 1, note) for n in range(1, count + 1)])


@pytest.mark.parametrize("letter", ["x", "漢", "🧵", "\n-"])
@pytest.mark.parametrize("pk", [1, 2**63 - 1])
def test_a_hundred_long_criteria_are_all_in_the_smallest_brief_there_is(letter, pk):
    criteria = [(n, (f"C{n} " + letter * limits.CRITERION)[: limits.CRITERION]) for n in range(1, 101)]
    told = HUGE | {
        "task": HUGE["task"] | {"pk": pk},
        "criteria": criteria,
        "judged": judged(100, "n" * 10_000),
    }
    text = briefs.build(story(**told), budget=briefs.LEAST)
    assert len(text) <= 4 * briefs.LEAST
    assert _criteria(text) == [(n, "C") for n in range(1, 101)]
    assert re.search(rf"^## Criteria, cut by \d+, \+ met - not: GET /tasks/T-{pk}$", text, re.MULTILINE)
    assert "\n1-C\n2+C\n" in text


def test_ten_criteria_of_a_line_are_whole_in_a_usual_brief_whatever_else_there_is():
    criteria = [(n, f"{n} " + "c" * 100) for n in range(1, 11)]
    text = briefs.build(story(**HUGE | {"criteria": criteria, "judged": judged(10)}), budget=briefs.USUAL)
    assert _criteria(text) == criteria
    assert "\n1. [-] 1 cc" in text
    assert "\n2. [x] 2 cc" in text


def test_everything_has_a_place_where_everything_is_long():
    text = briefs.build(story(**HUGE | {"judged": judged(1)}), budget=briefs.USUAL)
    headings = re.findall(r"^## ([A-Z][a-z]+)", text, re.MULTILINE)
    assert headings[:6] == ["Done", "Description", "Handoff", "Blocked", "Unanswered", "Submission"]
    assert headings[6:8] == ["Failed", "Decisions"]
    assert 4 * briefs.USUAL - len(text) < 300


def test_what_is_cut_says_how_much_is_missing_and_where_it_is():
    text = briefs.build(story(entries=[entry(41, text="a" * 9000 + "z")], counts={"note": 1}), budget=500)
    (left_out,) = re.findall(
        r"^\[…(\d+) characters left out: GET /tasks/T-12/comments\?since=40&limit=1…\]$", text, re.MULTILINE
    )
    assert text.count("a" * 100) > 1
    shown = sum(len(line) - 2 for line in text.splitlines() if re.match("> [az]{50}", line))
    assert (shown + int(left_out), "z\n" in text) == (9001, True)


def test_what_has_no_room_is_counted():
    entries = [entry(n, kind, "word " * 100) for n, kind in enumerate(["note"] * 40 + ["failed"] * 2, 1)]
    text = briefs.build(story(entries=entries, counts={"note": 120, "failed": 2, "move": 1000}), budget=400)
    shown = len(re.findall("^ada, note, ", text, re.MULTILINE))
    assert f"Left out: {120 - shown} note, 1000+ move. To read on: GET /tasks/T-12, " in text
    assert text.count("\nada, 2026") == 2


def test_failed_attempts_and_decisions_come_before_small_talk():
    kinds = ["question", "failed", "note", "decision", "pending", "note"]
    entries = [entry(n, kind, f"{kind} " * 12) for n, kind in enumerate(kinds, 1)]
    told = story(entries=entries, counts=dict.fromkeys(kinds, 1))
    found = {
        frozenset(re.findall(r"^> ([a-z]+) ", briefs.build(told, budget=budget), re.MULTILINE))
        for budget in range(150, 500)
    }
    assert found == {frozenset(highlights.IMPORTANT[:n]) for n in range(1, 5)} | {frozenset(kinds)}


def test_a_handoff_tells_who_left_what_and_whether_it_was_read():
    given_on = stories.Handoff(7, "ada", "bob", NOW, "Half", "The rest", "The cache lies")
    text = briefs.build(story(handoff=given_on), budget=300)
    heading = "## Handoff 7 from ada to bob, 2026-03-02T12:00:00Z"
    assert (
        f"{heading}; not read back yet\nDone:\n> Half\nPending:\n> The rest\nGotchas:\n> The cache lies\n"
        in text
    )
    read = stories.Handoff(7, None, None, NOW, "a", "b", "c", "bob", NOW, "I see")
    text = briefs.build(story(handoff=read), budget=300)
    assert "## Handoff 7 from system to whoever comes, 2026-03-02T12:00:00Z\n" in text
    assert "Read back by bob, 2026-03-02T12:00:00Z:\n> I see\n" in text


def test_blocks_tell_what_is_needed_and_how_earlier_ones_ended():
    ended = stories.Block("ada", NOW, "No key", "A key", "olga", NOW, "Under the mat")
    text = briefs.build(story(blocks=[stories.Block("bob", NOW, "Rain", "Sun"), ended]), budget=300)
    assert "## Blocked\nbob, 2026-03-02T12:00:00Z:\n> Rain\nNeeds:\n> Sun\n" in text
    assert text.index("## Blocked") < text.index("## Earlier blocks\nada, ")
    assert "Resolved by olga, 2026-03-02T12:00:00Z:\n> Under the mat\n" in text


def test_a_move_that_another_part_tells_is_not_told_again():
    moves = [entry(1, "move", "submit 1: It is done"), entry(2, "move", "release: silent", by="olga")]
    told = story(entries=moves, counts={"move": 2}, handed_in=stories.HandedIn(1, "ada", NOW, "It is done"))
    text = briefs.build(told, budget=300)
    assert text.count("It is done") == 1
    assert "> release: silent" in text
    assert "Left out" not in text


def test_a_task_without_anything_says_so():
    text = briefs.build(story(criteria=[]), budget=briefs.LEAST)
    assert "## Done criteria\nNone yet; before it has some, the task is given to nobody.\n" in text


def _acts_on_a_terminal(char: str) -> bool:
    turns = unicodedata.bidirectional(char) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
    return turns or (unicodedata.category(char) == "Cc" and char != "\t")


def _criteria(text: str) -> list[tuple[int, str]]:
    """Number and first line of the criteria shown; the lines of other parts that begin with a number are quoted."""
    found = [CRITERION.fullmatch(line) for line in text.splitlines()[1:]]
    return [(int(one[1]), one[2]) for one in found if one]
