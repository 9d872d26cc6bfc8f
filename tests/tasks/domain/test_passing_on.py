"""Passing a review on: who may, to whom, and that the new reviewer has all of REVIEW_AFTER."""

from datetime import timedelta

import pytest
from django.conf import settings

from tasks.domain import asking, editing, reviews
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Event, Status
from tests.tasks import board_rows, states

LATER = timedelta(minutes=3)


@pytest.fixture
def in_review(ada, bob, rita, write, now):
    """A task by bob that ada handed in and rita reviews."""
    return states.reach(write(by=bob, reviewer="rita"), Status.VALIDATING, worker=ada, now=now)


@pytest.mark.parametrize("who", ["bob", "rita", "olga"])
def test_the_creator_the_reviewer_and_a_human_pass_a_review_on(request, in_review, zed, olga, now, who):
    by = request.getfixturevalue(who)
    editing.edit(in_review, by=by, now=now + LATER, reviewer="zed")
    in_review.refresh_from_db()
    assert (in_review.reviewer, in_review.lane.reviewer, in_review.status) == (zed, zed, "validating")
    assert in_review.review_until == now + LATER + settings.REVIEW_AFTER
    event = Event.objects.get(kind="task.review_passed")
    assert (event.task, event.agent, event.data) == (in_review, by, {"reviewer": "zed"})
    assert reviews.next_review(zed, now=now + LATER) == in_review


@pytest.mark.parametrize("reviewer", ["zed", None])
def test_a_stranger_does_not_take_a_review_that_way(in_review, zed, now, reviewer):
    before = board_rows.read()
    with pytest.raises(editing.NotYours, match="its creator, its reviewer or a human; zed"):
        editing.edit(in_review, by=zed, now=now, reviewer=reviewer)
    assert board_rows.read() == before


def test_a_worker_neither_passes_it_on_nor_is_it_passed_to_one(in_review, ada, olga, now):
    before = board_rows.read()
    with pytest.raises(editing.OwnWork):
        editing.edit(in_review, by=ada, now=now, reviewer="zed")
    with pytest.raises(Invalid, match="ada is a worker"):
        editing.edit(in_review, by=olga, now=now, reviewer="ada")
    assert board_rows.read() == before


def test_passed_to_nobody_it_goes_to_whom_the_board_chooses_but_not_back(in_review, rita, zed, now):
    Agent.objects.filter(name="bob").update(role="builder")
    editing.edit(in_review, by=rita, now=now, reviewer=None)
    in_review.refresh_from_db()
    assert (in_review.reviewer, in_review.asks_human) == (zed, "")


def test_passed_to_nobody_where_there_is_nobody_a_human_is_asked(in_review, rita, bob, now):
    Agent.objects.filter(name="bob").update(role="builder")
    editing.edit(in_review, by=rita, now=now, reviewer=None)
    in_review.refresh_from_db()
    assert (in_review.reviewer, in_review.review_until) == (None, None)
    assert in_review.asks_human == asking.FOR_A_REVIEWER
    assert reviews.next_review(bob, now=now) == in_review
