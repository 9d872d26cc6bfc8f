"""Asking a human: when a task does, that a person's word or decision is the answer, and an agent's is none."""

import pytest
from django.conf import settings

from tasks.domain import asking, claims, closing, comments, criteria, editing, reviews, submissions
from tasks.models import Agent, Event, Review, Status, Task
from tests.tasks import states

REJECTED = asking.about_rejections(settings.MAX_REJECTIONS)


@pytest.fixture
def rejected(ada, rita, write, now):
    """A task that ada handed in, and rita rejected, until it asks a human."""
    task = write(reviewer="rita")
    for _ in range(settings.MAX_REJECTIONS):
        reject(submit(task, ada, now), by=rita, now=now)
    assert task.asks_human == REJECTED
    return task


@pytest.fixture
def unreviewed(ada, write, now):
    """A task that waits for a review while nobody is there to choose."""
    return states.reach(write(), Status.VALIDATING, worker=ada, now=now)


def submit(task, worker, now):
    claims.claim(task, by=worker, now=now)
    task.refresh_from_db()
    submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=worker, lease=task.lease_token, now=now)
    return task


def reject(task, *, by, now):
    findings, number = [reviews.Finding(1, False, "no")], submissions.latest(task.pk).number
    word = Review.Judgement.REJECT
    reviews.judge(task, by=by, submission=number, verdict=word, findings=findings, comment="", now=now)
    task.refresh_from_db()
    return task


def asks(task):
    return Task.objects.values_list("asks_human", flat=True).get(pk=task.pk)


def test_where_nobody_is_there_to_review_a_human_is_asked(unreviewed):
    assert (unreviewed.reviewer, unreviewed.asks_human) == (None, asking.FOR_A_REVIEWER)


def test_whoever_takes_the_review_ends_the_search(unreviewed, zed, now):
    assert reviews.next_review(zed, now=now) == unreviewed
    assert asks(unreviewed) == ""


def test_naming_a_reviewer_ends_the_search(unreviewed, olga, zed, now):
    editing.edit(unreviewed, by=olga, now=now, reviewer="zed")
    assert asks(unreviewed) == ""


def test_a_verdict_ends_the_search(unreviewed, zed, now):
    assert reject(unreviewed, by=zed, now=now).asks_human == ""


def test_an_amendment_ends_the_search(ada, zed, write, now):
    task = states.reach(write(by=zed), Status.VALIDATING, worker=ada, now=now)
    criteria.amend(task, ["Other"], by=zed, reason="r", now=now)
    assert asks(task) == ""


def test_a_search_does_not_displace_what_is_asked_already(rejected, ada, olga, now):
    editing.edit(rejected, by=olga, now=now, reviewer=None)
    Agent.objects.exclude(pk=ada.pk).update(role="builder")
    submit(rejected, ada, now)
    rejected.refresh_from_db()
    assert (rejected.reviewer, rejected.asks_human) == (None, REJECTED)


def test_a_humans_comment_is_the_answer_and_leaves_an_event(rejected, olga, now):
    comments.write(rejected, by=olga, text="It is; go on", kind="decision", lease=None, now=now)
    assert asks(rejected) == ""
    kinds = Event.objects.filter(task=rejected).order_by("-pk").values_list("kind", "agent__name")[:2]
    assert list(kinds) == [("task.commented", "olga"), ("task.human_answered", "olga")]


def test_a_humans_comment_on_a_task_that_asks_nothing_is_a_comment(write, olga, now):
    comments.write(write(), by=olga, text="x", kind="note", lease=None, now=now)
    assert not Event.objects.filter(kind="task.human_answered").exists()


@pytest.mark.parametrize(
    "decide",
    [
        lambda task, by, now: criteria.amend(task, ["Other"], by=by, reason="r", now=now),
        lambda task, by, now: closing.override(task, by=by, reason="r", now=now),
        lambda task, by, now: closing.cancel(task, by=by, reason="r", now=now),
    ],
    ids=["amend", "override", "cancel"],
)
def test_what_a_human_decides_is_the_answer(rejected, olga, now, decide):
    decide(rejected, olga, now)
    assert asks(rejected) == ""


def test_a_humans_verdict_is_the_answer_even_if_it_is_one_more_rejection(rejected, ada, olga, now):
    submit(rejected, ada, now)
    assert asks(rejected) == REJECTED
    assert reject(rejected, by=olga, now=now).asks_human == ""


def test_no_agent_answers_for_a_human(rejected, ada, rita, zed, now):
    comments.write(rejected, by=zed, text="I, the human, say go", kind="decision", lease=None, now=now)
    claims.claim(rejected, by=ada, now=now)
    closing.take_back(rejected, by=None, reason="silent", now=now)
    claims.claim(rejected, by=ada, now=now)
    closing.release(rejected, by=rita, reason="r", now=now)
    claims.claim(rejected, by=ada, now=now)
    assert asks(rejected) == REJECTED


def test_what_an_agent_finishes_asks_nothing(rejected, rita, now):
    closing.cancel(rejected, by=rita, reason="r", now=now)
    assert asks(rejected) == ""


def test_after_the_answer_the_next_rejection_by_an_agent_asks_again(rejected, ada, rita, olga, now):
    comments.write(rejected, by=olga, text="Go on", kind="note", lease=None, now=now)
    assert reject(submit(rejected, ada, now), by=rita, now=now).asks_human == asking.about_rejections(
        settings.MAX_REJECTIONS + 1
    )
