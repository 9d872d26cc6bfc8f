from datetime import timedelta

import pytest
from django.conf import settings

from tasks.domain import claims, reviewers, reviews, submissions
from tasks.models import Agent, Review, Task


@pytest.fixture
def hand_in(ada, write, now):
    """Has ada hand in a task with one criterion; gives the task as it is then."""
    Agent.objects.filter(pk=ada.pk).update(wip_limit=99)

    def one(**draft):
        task = write(**draft)
        claims.claim(task, by=ada, now=now)
        task.refresh_from_db()
        submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=ada, lease=task.lease_token, now=now)
        task.refresh_from_db()
        return task

    return one


def test_the_one_with_the_fewest_waiting_reviews_is_chosen(bob, rita, hand_in):
    chosen = [hand_in().reviewer.name for _ in range(4)]
    assert sorted(chosen) == ["bob", "bob", "rita", "rita"]


def test_a_worker_in_any_attempt_is_never_chosen(bob, rita, olga, write, now):
    task = write()
    claims.claim(task, by=bob, now=now)
    task.refresh_from_db()
    submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=bob, lease=1, now=now)
    task.refresh_from_db()
    assert task.reviewer == rita
    findings = [reviews.Finding(1, False, "no")]
    reviews.judge(
        task, by=rita, submission=1, verdict=Review.Judgement.REJECT, findings=findings, comment="", now=now
    )
    assert reviewers.choose(Task.objects.get(pk=task.pk), now=now) == rita


@pytest.mark.parametrize(
    "facts",
    [{"role": "builder"}, {"paused": 1}, {"silent": 1}, {"kind": "human"}],
    ids=lambda facts: next(iter(facts)),
)
def test_who_may_not_is_not_chosen_and_then_nobody_is(rita, hand_in, now, facts):
    if "paused" in facts:
        facts = {"paused_until": now + timedelta(hours=1)}
    if "silent" in facts:
        facts = {"last_seen_at": now - settings.OFFLINE_AFTER}
    Agent.objects.filter(pk=rita.pk).update(**facts)
    assert hand_in().reviewer is None


def test_skills_count(bob, rita, ada, hand_in):
    Agent.objects.filter(name__in=["ada", "rita"]).update(skills=["rust"])
    assert hand_in(skills=["rust"]).reviewer == rita


def test_where_nobody_is_named_whoever_asks_first_becomes_the_reviewer(zed, hand_in, now):
    Agent.objects.filter(pk=zed.pk).update(paused_until=now + timedelta(hours=1))
    task = hand_in()
    assert reviews.next_review(zed, now=now) == task
    task.refresh_from_db()
    assert (task.reviewer, task.review_until) == (zed, now + settings.REVIEW_AFTER)
    assert task.lane.reviewer == zed


def test_a_silent_reviewer_is_replaced_after_review_after_and_not_before(rita, zed, hand_in, now):
    Agent.objects.filter(pk=zed.pk).update(role="builder")
    task = hand_in(reviewer="rita")
    later = now + settings.REVIEW_AFTER
    assert reviews.next_review(zed, now=later - timedelta(seconds=1)) is None
    assert reviews.next_review(zed, now=later) == task
    task.refresh_from_db()
    assert task.reviewer == zed
    findings, judged = [reviews.Finding(1, True, "late")], Review.Judgement.APPROVE
    with pytest.raises(reviews.NotTheReviewer):
        reviews.judge(task, by=rita, submission=1, verdict=judged, findings=findings, comment="", now=later)


def test_a_humans_review_is_not_given_to_another(olga, zed, hand_in, now):
    hand_in(reviewer="olga")
    assert reviews.next_review(zed, now=now + timedelta(days=3)) is None


def test_a_worker_is_never_given_its_own_work(ada, hand_in, now):
    hand_in()
    assert reviews.next_review(ada, now=now + timedelta(days=3)) is None


def test_the_oldest_submission_comes_first_and_ones_own_before_it(rita, zed, hand_in, now):
    Agent.objects.filter(name__in=["rita", "zed"]).update(role="builder")
    others, own = hand_in(), hand_in(reviewer="rita")
    assert reviews.next_review(rita, now=now) == own
    assert reviews.next_review(zed, now=now) == others


def test_after_so_many_rejections_a_human_is_asked(ada, rita, hand_in, now):
    task = hand_in(reviewer="rita")
    for number in range(1, settings.MAX_REJECTIONS + 1):
        findings = [reviews.Finding(1, False, "no")]
        judged = Review.Judgement.REJECT
        reviews.judge(
            task, by=rita, submission=number, verdict=judged, findings=findings, comment="", now=now
        )
        task.refresh_from_db()
        assert bool(task.asks_human) == (number >= settings.MAX_REJECTIONS)
        assert (task.status, task.assignee, task.reserved_until) == ("todo", ada, now + settings.RESERVE_FOR)
        claims.claim(task, by=ada, now=now)
        task.refresh_from_db()
        submissions.submit(task, submissions.HandIn("s", [(1, "e")]), by=ada, lease=task.lease_token, now=now)


@pytest.mark.parametrize(
    ("url", "linkable"),
    [
        ("https://example.org/pr/7", True),
        ("HTTP://example.org", True),
        ("src/app.py", True),
        ("src/app.py#L10-L20", True),
        ("docs/read me.md", False),
        ("src/app.py:12", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example/x", False),
        ("/etc/passwd", False),
        ("../../etc/passwd", False),
        ("src/../../x", False),
        ("file:///etc/passwd", False),
        ("vbscript:x", False),
        ("java\nscript:alert(1)", False),
        ('https://x"onclick="y', False),
        ("C:\\x", False),
        ("ftp://example.org/x", False),
        ("", False),
    ],
)
def test_an_artifact_is_a_web_address_or_a_repository_path(url, linkable):
    assert submissions.is_linkable(url) is linkable
