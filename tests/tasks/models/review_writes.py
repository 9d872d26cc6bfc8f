"""Writes around the domain for each constraint of submissions and reviews; see test_constraints."""

from __future__ import annotations

from tasks.models import Criterion, Evidence, Override, Review, Status, Submission, Verdict


def _submission(f, state=Status.VALIDATING):
    return Submission.objects.get(task=f.in_state[state])


def _criterion(f, state=Status.VALIDATING):
    return Criterion.objects.get(task=f.in_state[state])


def _submit(f, **columns):
    facts = {"number": 9, "summary": "s"} | columns
    task = f.in_state[Status.VALIDATING]
    Submission.objects.create(task=task, agent=f.worker, criteria_version=1, created_at=f.now, **facts)


def _review(f, judgement="reject"):
    return Review.objects.create(
        submission=_submission(f), reviewer=f.olga, judgement=judgement, created_at=f.now
    )


REVIEW_WRITES = {
    "task_review_is_leased_while_validating": [
        lambda f: f.task(f.ready, review_until=f.now),
        lambda f: f.state(Status.VALIDATING, reviewer=None, review_until=f.now),
    ],
    "submission_number_is_unique": [lambda f: _submit(f, number=1)],
    "submission_says_something": [lambda f: _submit(f, summary="")],
    "evidence_is_given_once": [
        lambda f: Evidence.objects.create(submission=_submission(f), criterion=_criterion(f), text="x")
    ],
    "evidence_says_something": [
        lambda f: Evidence.objects.create(
            submission=_submission(f), criterion=_criterion(f, Status.DONE), text=""
        )
    ],
    "review_judgement_is_known": [lambda f: _review(f, judgement="maybe")],
    "verdict_is_given_once": [
        lambda f: Verdict.objects.create(
            review=_submission(f, Status.DONE).review,
            criterion=_criterion(f, Status.DONE),
            met=True,
            note="n",
        )
    ],
    "verdict_says_why": [
        lambda f: Verdict.objects.create(review=_review(f), criterion=_criterion(f), met=False, note="")
    ],
    "override_says_why": [
        lambda f: Override.objects.create(task=f.ready, human=f.olga, reason="", created_at=f.now)
    ],
}
