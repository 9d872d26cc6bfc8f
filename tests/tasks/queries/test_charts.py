"""Charts: what is told of past days is what was there on them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count

from tasks.domain import blocks, claims, closing, criteria, lifecycle, reviews, submissions
from tasks.models import Agent, Review, Status, Task
from tasks.queries import charts, flows, outcomes, statistics
from tests.tasks import states
from tests.tasks.domain.imports.conftest import record, take  # noqa: F401

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_every_move_is_an_arrow():
    for move in lifecycle.MOVES.values():
        if move.event in flows.FROM_SEVERAL:
            assert len(move.origins) > 1
            assert flows.FROM_SEVERAL[move.event] == move.target
        else:
            assert flows.ARROWS[move.event] == (*move.origins, move.target)
    told = {move.event for move in lifecycle.MOVES.values()} | {"task.created"}
    assert told == flows.ARROWS.keys() | flows.FROM_SEVERAL.keys()


def test_the_levels_of_each_day_are_what_was_counted_on_it(ada, bob, olga, write, take, now):  # noqa: F811
    """A story of a few moves a day, counted as each day ends: told back from its end it comes to the same."""
    Agent.objects.filter(pk=ada.pk).update(wip_limit=9)
    a, b, c, d, e = (write(name) for name in "abcde")
    counted = {}
    reason = {"by": olga, "reason": "r"}

    def reach(task, status):
        states.reach(task, status, worker=ada, now=at)

    def imported(name):
        return Task.objects.get(external_id=name)

    story = [
        write,
        lambda: [reach(a, "doing"), reach(b, "validating"), reach(c, "blocked"), reach(d, "done")],
        lambda: [states.reject(b, now=at), closing.cancel(c, now=at, **reason)],
        lambda: [closing.reopen(c, now=at, **reason), closing.reopen(d, now=at, **reason)],
        lambda: [criteria.amend(a, ["x"], now=at, **reason), closing.override(e, now=at, **reason)],
        lambda: [closing.override(a, now=at, **reason), closing.cancel(d, now=at, **reason)],
        lambda: [closing.reopen(a, now=at, **reason), closing.cancel(a, now=at, **reason)],
        lambda: take(
            record("bd-1", acceptance_criteria="x"),
            record("bd-2", acceptance_criteria="x"),
            record("bd-3", status="closed"),
            now=at,
        ),
        lambda: [closing.reopen(imported("bd-3"), now=at, **reason), reach(imported("bd-1"), "blocked")],
        lambda: blocks.unblock(imported("bd-1"), by=bob, resolution="r", now=at),
        lambda: [closing.cancel(imported(name), now=at, **reason) for name in ("bd-1", "bd-2", "bd-3")],
    ]
    for day, moves in enumerate(story):
        at = now + day * DAY
        moves()
        rows = dict(Task.objects.values_list("status").annotate(Count("pk")))
        counted[at.date()] = dict.fromkeys(Status.values, 0) | rows
    before, first, *found = flows.levels(days=len(story) + 2, now=at)
    assert {one.day: one.tasks for one in found} == counted
    assert set(before.tasks.values()) == set(first.tasks.values()) == {0}


def _work(task, minutes, verdict, *, by, judge, now):
    claims.claim(task, by=by, now=now)
    task.refresh_from_db()
    handed_in = now + timedelta(minutes=minutes)
    work = submissions.HandIn("s", [(1, "e")])
    submissions.submit(task, work, by=by, lease=task.lease_token, now=handed_in)
    findings = [reviews.Finding(1, verdict == "approve", "n")]
    word = Review.Judgement(verdict)
    reviews.judge(task, by=judge, submission=1, verdict=word, findings=findings, comment="", now=handed_in)


def test_each_day_tells_what_statistics_tells_of_it(ada, bob, rita, olga, write, now):
    for day in range(3):
        at = now + day * DAY
        _work(write(now=at), 30 + day, "approve", by=ada, judge=rita, now=at)
        _work(write(now=at), 60, "approve" if day else "reject", by=bob, judge=rita, now=at)
    closing.override(write(), by=olga, reason="r", now=at)
    found = charts.compute(days=14, now=at + 2 * HOUR)
    assert [one.first for one in found.daily] == [date(2026, 2, 19) + n * DAY for n in range(14)]
    for one in found.daily:
        start = now.replace(hour=0) + (one.first - now.date())
        told = statistics.since(start, until=start + DAY)
        assert one.tally.shown() == {key: told[key] for key in one.tally.shown()}
    assert [one.tally.done for one in found.daily[-3:]] == [1, 2, 3]
    assert (found.total.tally.done, found.total.tally.rejection_rate) == (6, round(1 / 6, 4))
    assert (found.daily[-1].median, found.daily[-1].p85) == (46 * 60, outcomes.quantile([1920, 3600], 0.85))
    assert [(one.name, one.tally.done, one.tally.rejected, one.held) for one in found.members] == [
        ("bob", 2, 1, 180 * 60),
        ("ada", 3, 0, 93 * 60),
    ]
    assert [level.tasks["done"] for level in found.flow[-4:]] == [0, 1, 3, 6]


def test_held_time_is_what_lies_in_the_period_and_what_lasts_counts_until_now(ada, bob, write, now):
    long, short = write(), write()
    midnight = now.replace(hour=0)
    claims.claim(long, by=ada, now=now)
    long.refresh_from_db()
    work = submissions.HandIn("s", [(1, "e")])
    submissions.submit(long, work, by=ada, lease=1, now=midnight + DAY + HOUR)
    claims.claim(short, by=bob, now=midnight + DAY + 3 * HOUR)
    found = charts.compute(days=1, now=midnight + DAY + 5 * HOUR)
    assert [(one.name, one.held) for one in found.members] == [("bob", 7200), ("ada", 3600)]
    # What bob still holds is counted from the period's beginning.
    assert charts.compute(days=1, now=midnight + 2 * DAY + HOUR).members[0].held == 3600


def test_from_sixty_days_on_shares_are_told_by_the_week(olga, write, now):
    closing.override(write(), by=olga, reason="r", now=now)
    found = charts.compute(days=90, now=now)
    assert len(found.daily) == len(found.flow) == 90
    lengths = [(one.last - one.first).days + 1 for one in found.spans]
    assert lengths == [6, *[7] * 12]
    assert found.spans[0].first == found.total.first
    assert found.spans[-1].last == now.date()
    assert [one.tally.done for one in found.spans] == [*[0] * 12, 1]


def test_the_number_of_queries_is_the_same_for_any_number_of_moves(
    ada, olga, write, now, django_assert_num_queries
):
    states.reach(write(), "doing", worker=ada, now=now)
    for n in range(3):
        closing.override(write(f"t{n}"), by=olga, reason="r", now=now)
    with django_assert_num_queries(8):
        charts.compute(days=14, now=now)
    for n in range(20):
        closing.override(write(f"u{n}"), by=olga, reason="r", now=now)
    with django_assert_num_queries(8):
        charts.compute(days=14, now=now)
