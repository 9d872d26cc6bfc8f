from datetime import timedelta

import pytest

from tasks.domain import claims, closing, reviews, submissions
from tasks.models import Agent, Review
from tasks.queries import outcomes, statistics


@pytest.mark.parametrize(
    ("values", "median", "p85"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 1.5, 1.85),
        ([4, 1, 3, 2], 2.5, 3.55),
        (list(range(101)), 50, 85),
    ],
)
def test_quantiles_interpolate_between_the_closest_ranks(values, median, p85):
    assert outcomes.spread(values) == {"median": median, "p85": p85}


def test_a_period_is_counted_to_the_second(ada, rita, olga, write, now):
    Agent.objects.filter(pk=ada.pk).update(wip_limit=9)

    def work(title, *, minutes, verdict, labels=()):
        task = write(title, reviewer="rita", labels=list(labels))
        claims.claim(task, by=ada, now=now)
        task.refresh_from_db()
        handed_in, judged = now + timedelta(minutes=minutes), now + timedelta(minutes=minutes, seconds=90)
        submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=ada, lease=1, now=handed_in)
        findings = [reviews.Finding(1, verdict == "approve", "n")]
        word = Review.Judgement(verdict)
        reviews.judge(task, by=rita, submission=1, verdict=word, findings=findings, comment="", now=judged)

    work("a", minutes=10, verdict="approve", labels=["web"])
    work("b", minutes=30, verdict="approve")
    work("c", minutes=20, verdict="reject", labels=["web"])
    closing.override(write("d"), by=olga, reason="r", now=now + timedelta(days=1))
    found = statistics.since(now, until=now + timedelta(days=2))
    assert (found["done"], found["overridden"], found["rejected"]) == (3, 1, 1)
    assert found["rejection_rate"] == round(1 / 3, 4)
    assert found["cycle_time"] == {"median": 1290.0, "p85": outcomes.quantile([690, 1890], 0.85)}
    assert found["review_time"] == {"median": 90.0, "p85": 90.0}
    assert found["throughput"] == [{"day": "2026-03-02", "done": 2}, {"day": "2026-03-03", "done": 1}]
    [by_ada] = found["by_agent"]
    assert (by_ada["agent"], by_ada["done"], by_ada["rejected"]) == ("ada", 2, 1)
    [web] = found["by_label"]
    assert (web["label"], web["done"], web["rejected"], web["rejection_rate"]) == ("web", 1, 1, 0.5)


def test_what_lies_outside_the_period_is_not_counted(ada, rita, olga, write, now):
    closing.override(write(), by=olga, reason="r", now=now)
    assert statistics.since(now, until=now + timedelta(seconds=1))["done"] == 1
    assert statistics.since(now + timedelta(seconds=1), until=now + timedelta(days=1))["done"] == 0
    assert statistics.since(now - timedelta(days=1), until=now)["done"] == 0


def test_the_number_of_queries_does_not_grow(olga, write, now, django_assert_num_queries):
    for n in range(2):
        closing.override(write(f"t{n}", labels=["x"]), by=olga, reason="r", now=now)
    with django_assert_num_queries(3):
        statistics.since(now, until=now + timedelta(seconds=1))
    for n in range(10):
        closing.override(write(f"u{n}", labels=["x", "y"]), by=olga, reason="r", now=now)
    with django_assert_num_queries(3):
        statistics.since(now, until=now + timedelta(seconds=1))


def test_agents_and_labels_are_bounded_to_those_with_the_most(olga, write, now, monkeypatch):
    monkeypatch.setattr(outcomes, "SHOWN", 2)
    for n in range(4):
        for _ in range(n + 1):
            closing.override(write("t", labels=[f"area-{n}"]), by=olga, reason="r", now=now)
    found = statistics.since(now, until=now + timedelta(seconds=1))
    assert [(one["label"], one["done"]) for one in found["by_label"]] == [("area-2", 3), ("area-3", 4)]
    assert (found["labels_left_out"], found["agents_left_out"]) == (2, 0)
