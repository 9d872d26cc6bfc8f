"""Feedback: the review that rejected a task's newest submission, while there is no newer one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery

from tasks.models import Review, Submission


def unanswered(task_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The feedback that waits for an answer, by task, in two queries; tasks without any are left out."""
    if not task_ids:
        return {}
    newest = (
        Submission.objects.filter(task=OuterRef("submission__task")).order_by("-number").values("number")[:1]
    )
    reviews = (
        Review.objects.filter(submission__task__in=task_ids, judgement="reject", submission__voided_at=None)
        .annotate(newest=Subquery(newest))
        .filter(submission__number=F("newest"))
        .select_related("submission", "reviewer")
        .prefetch_related("verdicts__criterion")
    )
    return {review.submission.task_id: _shown(review) for review in reviews}


def _shown(review: Review) -> dict[str, Any]:
    verdicts = sorted(review.verdicts.all(), key=lambda verdict: verdict.criterion.number)
    return {
        "submission": review.submission.number,
        "by": review.reviewer.name,
        "comment": review.comment,
        "criteria": [{"id": one.criterion.number, "met": one.met, "note": one.note} for one in verdicts],
    }
