"""Stories: all there is to tell of a task, in a few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tasks.domain import blocks, claims, comments, criteria, handoffs, reviews, submissions
from tasks.models import Attempt, Comment, Review, Task
from tasks.queries import briefs, highlights, stories
from tests.tasks import states

MINUTE = timedelta(minutes=1)
QUERIES = 11


@pytest.fixture
def rejected(ada, rita, write, now):
    """A task of ada's that rita sent back."""
    blocker = states.reach(write("Oil"), "cancelled", worker=ada, now=now)
    task = write(
        "Fix login", description="It fails.", done_criteria=["It works", "A test shows it"], reviewer="rita",
        labels=["ui", "api"], depends_on=[blocker.ref],
    )  # fmt: skip
    claims.claim(task, by=ada, now=now)
    comments.write(task, by=ada, text="The cookie is innocent", kind="failed", lease=1, now=now + MINUTE)
    handed_in = submissions.HandIn(
        "It is done",
        [(1, "e"), (2, "f")],
        [submissions.Artifact("PR", "https://example.org/1")],
        "On Mondays only",
    )
    submissions.submit(task, handed_in, by=ada, lease=1, now=now + 2 * MINUTE)
    findings = [reviews.Finding(1, True, "Seen"), reviews.Finding(2, False, "There is none")]
    reviews.judge(
        task, by=rita, submission=1, verdict=Review.Judgement.REJECT, findings=findings, comment="Not yet",
        now=now + 3 * MINUTE,
    )  # fmt: skip
    return task


def test_a_story_holds_what_happened(rejected, now):
    story = stories.of(rejected.pk, longest=1000)
    assert story.task == rejected
    assert story.criteria == [(1, "It works"), (2, "A test shows it")]
    assert (story.labels, len(story.depends_on), story.depends_on[0][1]) == (["ui", "api"], 1, "cancelled")
    at = now + 2 * MINUTE
    assert story.handed_in == stories.HandedIn(
        1, "ada", at, "It is done", "On Mondays only", [("PR", "https://example.org/1")]
    )
    notes = [(1, True, "Seen"), (2, False, "There is none")]
    assert story.judged == stories.Judged("rita", at + MINUTE, False, "Not yet", notes)
    assert story.tries == [stories.Try("ada", now, at, "submitted")]
    first = story.entries[0]
    assert (first.by, first.kind, first.text.head) == ("ada", "failed", "The cookie is innocent")
    assert story.counts == {"failed": 1, "move": 2}


def test_the_brief_of_it_tells_it(rejected):
    text = briefs.build(stories.of(rejected.pk, longest=6000), budget=1500)
    for told in (
        f"# {rejected.ref} Fix login\ntodo since 2026-03-02T12:03:00Z, reserved for ada until 2026-03-02T16:03:00Z.\n",
        "reviewer rita; P2; project main; written by olga; attempts 1; rejections 1.\n",
        " (cancelled).\nLabels:\n> ui, api\n", "\n1. [x] It works\n2. [-] A test shows it\n",
        "\n## Description\n> It fails.\n",
        "\n## Unanswered feedback: rejected by rita, 2026-03-02T12:03:00Z (submission 1)\n"
        "Criterion 2, not met:\n> There is none\nAll in all:\n> Not yet\nCriterion 1, met:\n> Seen\n",
        "\n## Submission 1 by ada, 2026-03-02T12:02:00Z\n> It is done\nCaveats:\n> On Mondays only\n"
        "Artifacts:\n> PR: https://example.org/1\n",
        "\n## Failed\nada, 2026-03-02T12:01:00Z:\n> The cookie is innocent\n",
        "\n## Attempts, newest first\nada, 2026-03-02T12:00:00Z to 2026-03-02T12:02:00Z: submitted\n",
    ):  # fmt: skip
        assert told in text
    assert "Left out" not in text
    assert "## Notes" not in text, "submission and review have told those moves"


def test_what_an_amendment_made_void_judges_nothing(rejected, olga, now):
    criteria.amend(rejected, ["It works well"], by=olga, reason="Better", now=now + 4 * MINUTE)
    story = stories.of(rejected.pk, longest=1000)
    assert (story.criteria, story.handed_in, story.judged) == ([(1, "It works well")], None, None)
    text = briefs.build(story, budget=600)
    assert "\n1. [ ] It works well\n" in text
    assert "criteria amended, version 2" in text
    assert "> submit 1: It is done" in text


@pytest.mark.parametrize("status", ["todo", "doing", "blocked", "validating", "done", "cancelled"])
def test_a_brief_says_the_state_of_any_task(ada, write, now, status):
    task = states.reach(write(), status, worker=ada, now=now)
    _, state, *_ = briefs.build(stories.of(task.pk, longest=1000), budget=300).splitlines()
    assert state.startswith(f"{status} since 2026-03-02T12:00:00Z")
    assert ("ada" in state) == (status not in ("todo", "cancelled", "done"))


def test_the_number_of_queries_does_not_grow(rejected, ada, bob, olga, now, django_assert_num_queries):
    with django_assert_num_queries(QUERIES):
        before = stories.of(rejected.pk, longest=1000)
    Comment.objects.bulk_create(
        Comment(task=rejected, author=author, kind=kind, text=f"{n}", created_at=now)
        for n in range(100)
        for kind in highlights.KINDS
        for author in (ada, bob)
    )
    Attempt.objects.bulk_create(
        Attempt(task=rejected, agent=bob, token=n, started_at=now, ended_at=now, outcome="released")
        for n in range(2, 40)
    )
    with django_assert_num_queries(QUERIES):
        story = stories.of(rejected.pk, longest=1000)
    assert len(story.entries) == stories.NEWEST * len(highlights.KINDS)
    assert (len(story.tries), story.tries[0].by, before.tries[0].by) == (stories.ATTEMPTS, "bob", "ada")
    assert (story.counts["failed"], story.counts["note"]) == (201, 200)
    assert {entry.text.head for entry in story.entries if entry.kind == "note"} == {
        f"{n}" for n in range(85, 100)
    }


def test_of_a_long_entry_both_ends_are_read(ada, write, now):
    task = write()
    comments.write(task, by=ada, text="a" * 9999 + "z", kind="note", lease=None, now=now)
    (entry,) = stories.of(task.pk, longest=600).entries
    assert (entry.text.head, entry.text.tail, entry.text.length) == ("a" * 600, "a" * 299 + "z", 10_000)


def test_a_task_there_is_not_has_no_story(db):
    with pytest.raises(Task.DoesNotExist):
        stories.of(999_999, longest=600)


def test_a_story_tells_what_was_passed_on_and_what_was_in_the_way(ada, bob, olga, write, now):
    task = write()
    claims.claim(task, by=ada, now=now)
    handoffs.hand_off(task, handoffs.Words("a", "b", "c"), to=bob, by=ada, lease=1, now=now)
    claims.claim(task, by=bob, now=now)
    handoffs.read_back(task, 1, text="d", by=bob, lease=2, now=now)
    blocks.block(task, blocks.Obstacle("No key", "A key"), by=bob, lease=2, now=now)
    blocks.unblock(task, by=olga, resolution="Here it is", now=now + MINUTE)

    story = stories.of(task.pk, longest=1000)
    assert story.handoff == stories.Handoff(1, "ada", "bob", now, "a", "b", "c", "bob", now, "d")
    assert story.blocks == [stories.Block("bob", now, "No key", "A key", "olga", now + MINUTE, "Here it is")]
    brief = briefs.build(story, budget=1500)
    for words in ("No key", "A key", "Here it is", "> d"):
        assert brief.count(words) == 1, brief

    claims.claim(task, by=bob, now=now + MINUTE)
    later = now + 2 * MINUTE
    submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=bob, lease=3, now=later)
    assert stories.of(task.pk, longest=1000).handoff is None
