"""Reviewing: the next submission to judge, what waits, and the verdict."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import answers, callers, fields, review_answers
from tasks.api.calls import Call, find_task, with_task
from tasks.domain import limits, reviews, submissions
from tasks.models import Agent, Review, Submission, Task
from tasks.queries import packets, review_queue

RETRY_AFTER = 15


class FindingItem(fields.Body):
    """The verdict on one criterion."""

    id = fields.Number()
    met = fields.Flag()
    note = fields.Text(max_length=limits.NOTE)


class NewReview(fields.Body):
    """A review to be."""

    agent = fields.AgentName(required=False)
    submission = fields.Number()
    verdict = serializers.ChoiceField(choices=Review.Judgement.choices)
    criteria = serializers.ListField(child=FindingItem(), max_length=100)
    comment = fields.Text(required=False, allow_blank=True, allow_null=True, max_length=limits.NOTE)


class Selection(serializers.Serializer[Any]):
    """Which reviews to list."""

    reviewer = fields.AgentName(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)


class NextReview(Call):
    """`GET /reviews/next`: leases a review, so it is no GET for anybody who only looks."""

    http_method_names = ["get"]

    @extend_schema(operation_id="next_review", responses=review_answers.ReviewPacketOrNothing)
    def get(self, request: Request) -> Response:
        """Give me a submission to judge, with criteria, evidence and log."""
        self.refuse_prefetch(request)
        agent = callers.caller(request, now=self.now)
        task = reviews.next_review(agent, now=self.now)
        if task is None:
            return Response({"task": None, "retry_after": RETRY_AFTER})
        return Response(_packet(task, now=self.now))


class Reviews(Call):
    """`GET /reviews`."""

    @extend_schema(operation_id="reviews", parameters=[Selection], responses=review_answers.ReviewPage)
    def get(self, request: Request) -> Response:
        """What waits for a review; `next_after` is there when there is more."""
        asked = self.read_query(Selection)
        callers.notice(request, now=self.now)
        reviewer, limit = None, asked["limit"]
        if name := asked.get("reviewer"):
            reviewer = Agent.objects.filter(name=name).first()
            if reviewer is None:
                return Response({"reviews": []})
        found = review_queue.waiting(reviewer=reviewer, limit=limit, after=asked["after"])
        answer: dict[str, Any] = {"reviews": [_line(task) for task in found[:limit]]}
        if len(found) > limit:
            answer["next_after"] = found[limit - 1].pk
        return Response(answer)


class TaskReviews(Call):
    """`POST /tasks/{id}/reviews`."""

    @extend_schema(operation_id="review", request=NewReview, responses={201: answers.Receipt})
    def post(self, request: Request, ref: str) -> Response:
        """Approve or reject a submission: a verdict and a note for every criterion."""
        body = self.read(NewReview)
        agent = callers.caller(request, now=self.now)
        findings = [reviews.Finding(item["id"], item["met"], item["note"]) for item in body["criteria"]]
        task = reviews.judge(
            find_task(ref),
            by=agent,
            submission=body["submission"],
            verdict=Review.Judgement(body["verdict"]),
            findings=findings,
            comment=body.get("comment") or "",
            now=self.now,
        )
        return Response(
            with_task({"id": task.ref, "status": task.status}, request, task, now=self.now), status=201
        )


def shown(submission: Submission) -> dict[str, Any]:
    """A submission as a reviewer reads it."""
    evidence = submission.evidence.select_related("criterion").order_by("criterion__number")
    return {
        "id": submission.number,
        "by": submission.agent.name,
        "summary": submission.summary,
        "evidence": [{"criterion": one.criterion.number, "text": one.text} for one in evidence],
        "artifacts": submission.artifacts,
        "caveats": submission.caveats,
    }


def _packet(task: Task, *, now: Any) -> dict[str, Any]:
    submission = submissions.latest(task.pk)
    assert submission is not None
    packet = packets.build([task.pk], now=now)[0]
    step = (
        f"Check every criterion yourself; POST /tasks/{task.ref}/reviews {{agent, submission: {submission.number},"
        " verdict: approve|reject, criteria: [{id, met, note}]}."
    )
    return {"task": packet["task"], "submission": shown(submission), "log": packet["log"], "next_step": step}


def _line(task: Task) -> dict[str, Any]:
    return {
        "task": task.ref,
        "title": task.title,
        "by": task.assignee.name if task.assignee else None,
        "reviewer": task.reviewer.name if task.reviewer else None,
        "since": task.status_since,
        "review_until": task.review_until,
    }
