"""Two reviewers post opposite verdicts at the same instant: exactly one counts."""

import threading

import pytest

from tasks.domain import agents, authoring, claims, reviews, submissions
from tasks.domain.refusals import Conflict
from tasks.models import Agent, Comment, Event, Review, Task, Verdict
from tests.conftest import NOW
from tests.races.together import together

pytestmark = pytest.mark.race
ROUNDS = 12


@pytest.fixture
def waiting(own_board):
    """Makes a task that waits for a review by whoever comes first; `human` may judge whoever is named."""
    ada = agents.register("ada", now=NOW, wip_limit=100, role="builder")
    cast = [agents.register(name, now=NOW, kind=Agent.Kind.HUMAN) for name in ("olga", "otto")]

    def one():
        task = authoring.write([authoring.Draft(title="t", done_criteria=["a"])], by=cast[0], now=NOW).tasks[
            0
        ]
        claims.claim(task, by=ada, now=NOW)
        task.refresh_from_db()
        submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=ada, lease=task.lease_token, now=NOW)
        return task, cast

    return one


def verdict(task, by, word):
    finding = reviews.Finding(1, word == "approve", "seen")
    judged = Review.Judgement(word)
    return lambda: reviews.judge(
        Task.objects.get(pk=task.pk),
        by=by,
        submission=1,
        verdict=judged,
        findings=[finding],
        comment="",
        now=NOW,
    )


def test_of_two_opposite_verdicts_exactly_one_counts(waiting):
    for _ in range(ROUNDS):
        task, (olga, otto) = waiting()
        outcomes = together([verdict(task, olga, "approve"), verdict(task, otto, "reject")])
        refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], Conflict), refused
        review = Review.objects.get(submission__task=task)
        task.refresh_from_db()
        assert task.status == {"approve": "done", "reject": "todo"}[review.judgement]
        assert Verdict.objects.filter(review=review).count() == 1
        assert Event.objects.filter(task=task, kind__in=["task.approved", "task.rejected"]).count() == 1
        assert Comment.objects.filter(task=task, text__regex="^(approve|reject)").count() == 1


def test_control_a_gate_that_looks_before_it_writes_lets_both_through(waiting):
    """The same race against load, check, save: both find the task waiting, and both decide it."""
    counted = []
    barrier = threading.Barrier(2)
    for _ in range(ROUNDS):
        task, _ = waiting()

        def naive(word, task=task):
            found = Task.objects.get(pk=task.pk).status == "validating"
            barrier.wait(10)
            return word if found else None

        counted.append(
            [outcome for outcome in together([lambda: naive("done"), lambda: naive("todo")]) if outcome]
        )
    assert any(len(both) == 2 for both in counted)


def test_two_who_ask_for_a_review_get_different_ones(waiting):
    tasks = [waiting()[0] for _ in range(2)]
    Task.objects.update(reviewer=None, review_until=None)
    rita, ruth = (agents.register(name, now=NOW) for name in ("rita", "ruth"))
    given = together(
        [lambda: reviews.next_review(rita, now=NOW).pk, lambda: reviews.next_review(ruth, now=NOW).pk]
    )
    assert sorted(given) == sorted(task.pk for task in tasks)
