"""A task's story in pages: everything once, newest first, whatever stands beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tasks.domain import comments, editing, handoffs, reservations
from tasks.models import Comment, Status
from tasks.queries import timelines
from tests.tasks import states

MINUTE = timedelta(minutes=1)


@pytest.fixture
def task(write, ada, bob, rita, now):
    """A task that was claimed, tried, passed on, handed in and rejected."""
    task = states.reach(write(reviewer="rita"), Status.DOING, worker=ada, now=now)
    for at, kind in enumerate(("note", "failed", "decision"), 1):
        comments.write(task, by=ada, text=f"a {kind}", kind=kind, lease=1, now=now + at * MINUTE)
    words = handoffs.Words("Half", "The rest", "none")
    handoffs.hand_off(task, words, to=None, by=ada, lease=1, now=now + 4 * MINUTE)
    editing.edit(task, by=bob, now=now + 5 * MINUTE, priority=0, labels=["ui"])
    reservations.reserve(task, bob, by=rita, now=now + 6 * MINUTE)
    return task


def every(task, kind="all", *, limit):
    """All entries, page by page."""
    entries, before = [], None
    while True:
        page = timelines.page(task.pk, limit=limit, kind=kind, before=before)
        assert len(page.entries) <= limit
        entries += page.entries
        if page.older is None:
            return entries
        before = page.older


def headings(entries):
    return [one.heading or one.kind for one in entries]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_a_story_is_told_once_newest_first(task, limit):
    assert headings(every(task, limit=limit)) == [
        "kept it for bob",
        "edited labels, priority",
        "handed it on to whoever comes, handoff 1",
        "decision",
        "failed",
        "note",
        "claimed it",
        "wrote it down",
    ]


def test_a_move_has_its_words_beside_its_heading(task):
    handed_off = every(task, "handoffs", limit=5)[0]
    assert (handed_off.kind, handed_off.by) == ("move", "ada")
    assert handed_off.text == "**Done**\n\nHalf\n\n**Pending**\n\nThe rest\n\n**Gotchas**\n\nnone"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("comments", ["decision", "failed", "note"]),
        ("failed", ["failed"]),
        ("decisions", ["decision"]),
        ("questions", []),
        ("reviews", []),
        ("handoffs", ["handed it on to whoever comes, handoff 1"]),
        (
            "moves",
            [
                "kept it for bob",
                "edited labels, priority",
                "handed it on to whoever comes, handoff 1",
                "claimed it",
                "wrote it down",
            ],
        ),
    ],
)
@pytest.mark.parametrize("limit", [1, 50])
def test_a_story_can_be_narrowed(task, kind, told, limit):
    assert headings(every(task, kind, limit=limit)) == told


def test_reviews_are_told(write, ada, rita, now):
    task = states.reach(write(reviewer="rita"), Status.VALIDATING, worker=ada, now=now)
    states.reject(task, now=now)
    assert headings(every(task, "reviews", limit=5)) == [
        "rejected submission 1",
        "handed it in, submission 1",
    ]


@pytest.mark.parametrize("sent", ["", "x", "1", "1.2.3", "-1.5", "99999999999999999999.1"])
def test_a_cursor_that_is_none_is_the_beginning(task, sent):
    assert timelines.page(task.pk, limit=50, before=sent) == timelines.page(task.pk, limit=50)


def test_a_long_entry_is_cut_and_can_be_had_whole(task, ada, now):
    written = comments.write(
        task, by=ada, text="x" * 9000 + "end", kind="note", lease=None, now=now + 9 * MINUTE
    )
    cut = timelines.page(task.pk, limit=1).entries[0]
    assert (len(cut.text), cut.left_out, cut.comment_id) == (2000, 7003, written.comment_id)
    whole = timelines.entry(task.pk, written.comment_id)
    assert (whole.text, whole.left_out) == ("x" * 9000 + "end", 0)
    assert timelines.entry(task.pk + 1, written.comment_id) is None


def test_a_page_costs_two_queries_however_long_the_log(task, ada, now, django_assert_num_queries):
    Comment.objects.bulk_create(
        [Comment(task=task, author=ada, text="x", created_at=now + timedelta(hours=1)) for _ in range(300)]
    )
    for limit, before in ((3, None), (300, None), (30, "50.")):
        with django_assert_num_queries(2):
            timelines.page(task.pk, limit=limit, before=before)
