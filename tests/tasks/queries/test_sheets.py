"""The sheet of a task: what its page shows, for the same number of queries whatever belongs to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tasks.domain import claims, comments, criteria, handoffs, reviews, submissions
from tasks.models import Review, Status
from tasks.queries import sheets
from tests.tasks import states

MINUTE = timedelta(minutes=1)
QUERIES = 10


@pytest.fixture
def task(write, ada, rita, now):
    """A task with two criteria that was rejected once and handed in again."""
    task = states.reach(write(done_criteria=["It works", "A test"], reviewer="rita", labels=["ui"]),
        Status.DOING, worker=ada, now=now)  # fmt: skip
    hand_in(task, ada, "First", 1, now)
    findings = [reviews.Finding(1, True, "Seen"), reviews.Finding(2, False, "There is none")]
    reject = Review.Judgement.REJECT
    reviews.judge(task, by=rita, submission=1, verdict=reject, findings=findings, comment="No", now=now)
    claims.claim(task, by=ada, now=now)
    hand_in(task, ada, "Second", 2, now)
    return task


def hand_in(task, ada, summary, lease, now):
    handed_in = submissions.HandIn(
        summary, [(number, f"{summary} {number}") for number in criteria.current(task)]
    )
    submissions.submit(task, handed_in, by=ada, lease=lease, now=now)


def test_the_newest_submission_is_shown_and_older_ones_can_be_had(task, now):
    newest = sheets.of(task.pk, now=now)
    assert [one.number for one in newest.submissions] == [2, 1]
    assert (newest.shown.submission.number, newest.shown.review) == (2, None)
    assert newest.shown.lines[1] == sheets.Line(2, "A test", "Second 2", None, "")
    older = sheets.of(task.pk, now=now, submission=1)
    assert (older.shown.submission.summary, older.shown.review.comment) == ("First", "No")
    assert older.shown.lines == [
        sheets.Line(1, "It works", "First 1", True, "Seen"),
        sheets.Line(2, "A test", "First 2", False, "There is none"),
    ]
    assert sheets.of(task.pk, now=now, submission=9).shown is None


def test_a_submission_keeps_the_criteria_it_was_measured_by(task, olga, now):
    criteria.amend(task, ["Better"], by=olga, reason="r", now=now)
    sheet = sheets.of(task.pk, now=now)
    assert sheet.criteria == [sheets.Line(1, "Better")]
    assert [line.text for line in sheet.shown.lines] == ["It works", "A test"]


def test_dependencies_are_told_both_ways_with_their_states(write, now):
    first, last = write("First"), write("Last")
    middle = write("Middle", depends_on=[first.ref])
    write("Later", depends_on=[middle.ref, last.ref])
    sheet = sheets.of(middle.pk, now=now)
    assert [(one.title, one.status) for one in sheet.waits_for.tasks] == [("First", "todo")]
    assert [one.title for one in sheet.waited_for_by.tasks] == ["Later"]
    assert not sheet.waits_for.more


def test_only_names_there_are_become_links(ada, bob):
    assert sheets.known_names(["Ask @ada and @nobody", "and @Bob.", "`@zed`"]) == {"ada", "bob"}


def test_a_sheet_costs_the_same_whatever_belongs_to_it(
    task, write, ada, rita, now, django_assert_num_queries
):
    with django_assert_num_queries(QUERIES):
        sheets.of(task.pk, now=now)

    states.reject(task, now=now)
    for number in range(3, 6):
        claims.claim(task, by=ada, now=now)
        hand_in(task, ada, f"Number {number}", number, now)
        states.reject(task, now=now)
    claims.claim(task, by=ada, now=now)
    comments.write(task, by=ada, text="x", kind="note", lease=6, now=now)
    handoffs.hand_off(task, handoffs.Words("a", "b", "c"), to=ada, by=ada, lease=6, now=now)
    for number in range(60):
        write(f"Later {number}", depends_on=[task.ref])
    with django_assert_num_queries(QUERIES):
        sheet = sheets.of(task.pk, now=now)
    assert (len(sheet.waited_for_by.tasks), sheet.waited_for_by.more) == (50, True)
