"""Where a task stands: one fact sheet for each way it can."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tasks.domain import authoring, claims, closing, handoffs, reclaiming
from tasks.models import DoneVia, Status, Task
from tasks.queries import standings
from tests.tasks import states

HOUR = timedelta(hours=1)


def standing(task, now):
    row = Task.objects.select_related("assignee", "reviewer").get(pk=task.pk)
    return standings.of(row, now=now)


def test_before_work(write, ada, now):
    first = write("First")
    found = {
        standing(task, now).kind
        for task in (
            first,
            write("Second", depends_on=[first.ref]),
            write("Third", done_criteria=[]),
            write("Fourth", not_before=now + HOUR),
            write("Fifth", assignee="ada"),
        )
    }
    assert found == {"ready", "waiting", "no_criteria", "deferred", "reserved"}


def test_a_reservation_that_lapsed_keeps_nothing(write, ada, now, settings):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    handoffs.hand_off(task, handoffs.Words("a", "b", "c"), to=ada, by=ada, lease=1, now=now)
    assert standing(task, now).kind == "reserved"
    assert standing(task, now + settings.RESERVE_FOR).kind == "ready"


@pytest.mark.parametrize(
    ("after", "late", "overdue"), [(0, False, False), (30, True, False), (60, True, True)]
)
def test_in_work(write, ada, now, after, late, overdue):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    assert standing(task, now + timedelta(minutes=after)) == standings.Standing(
        "doing", late=late, overdue=overdue
    )


def test_stopped_by_its_holder_and_by_the_board(write, ada, bob, now, settings):
    blocked = standing(states.reach(write(), Status.BLOCKED, worker=ada, now=now), now)
    assert (blocked.kind, blocked.by, blocked.why) == ("blocked", "ada", "The key is missing")
    assert blocked.block.needs == "A key from @olga"

    settings.MAX_ATTEMPTS = 1
    task = write("Second")
    claims.claim(task, by=bob, now=now)
    reclaiming.take_back(now=now + HOUR)
    gave_up = standing(task, now + HOUR)
    assert (gave_up.kind, gave_up.by) == ("gave_up", None)
    assert "Taken back 1 times" in gave_up.why


def test_in_review(write, ada, rita, now, settings):
    task = states.reach(write(reviewer="rita"), Status.VALIDATING, worker=ada, now=now)
    assert standing(task, now) == standings.Standing("in_review")
    assert standing(task, now + settings.REVIEW_AFTER) == standings.Standing("in_review", late=True)
    task = states.reach(write("Second"), Status.VALIDATING, worker=ada, now=now + settings.OFFLINE_AFTER)
    assert standing(task, now).kind == "unreviewed"


def test_finished(write, ada, olga, now):
    approved = states.reach(write(), Status.DONE, worker=ada, now=now)
    assert standing(approved, now) == standings.Standing("approved", by="judge")
    overridden = write("Second")
    closing.override(overridden, by=olga, reason="It runs", now=now)
    assert standing(overridden, now) == standings.Standing("overridden", "olga", "It runs")
    cancelled = states.reach(write("Third"), Status.CANCELLED, worker=ada, now=now)
    assert standing(cancelled, now) == standings.Standing("cancelled", "olga", "Not needed")


def test_finished_before_it_came_here(ada, now):
    """What an import found done was approved by nobody here."""
    (task,) = authoring.write([authoring.Draft("Old")], by=ada, now=now).tasks
    task.status, task.done_via, task.finished_at = Status.DONE, DoneVia.IMPORT, now  # not saved
    assert standings.of(task, now=now) == standings.Standing("imported")
