"""Handing a task in."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import callers, fields, review_answers
from tasks.api.calls import Call, find_task, with_task
from tasks.domain import limits, submissions


class EvidenceItem(fields.Body):
    """Why one criterion is met."""

    criterion = fields.Number()
    text = fields.Text(max_length=limits.NOTE)


class ArtifactItem(fields.Body):
    """Something the work left behind: http, https or a path in the repository."""

    label = fields.Text(max_length=limits.ARTIFACT_LABEL)  # type: ignore[assignment]
    url = fields.Text(max_length=limits.ADDRESS)


class NewSubmission(fields.Body):
    """A submission to be."""

    agent = fields.AgentName(required=False)
    lease = fields.Lease()
    summary = fields.Text(max_length=limits.SUMMARY)
    evidence = serializers.ListField(child=EvidenceItem(), max_length=100)
    artifacts = serializers.ListField(child=ArtifactItem(), required=False, max_length=limits.ARTIFACTS)
    caveats = fields.Text(required=False, allow_blank=True, allow_null=True, max_length=limits.NOTE)


class Submissions(Call):
    """`POST /tasks/{id}/submissions`."""

    @extend_schema(
        operation_id="submit", request=NewSubmission, responses={201: review_answers.SubmissionReceipt}
    )
    def post(self, request: Request, ref: str) -> Response:
        """Hand the task in: a summary, and evidence for every criterion. Your lease ends."""
        body = self.read(NewSubmission)
        agent = callers.caller(request, now=self.now)
        task = find_task(ref)
        handed_in = submissions.HandIn(
            summary=body["summary"],
            evidence=[(item["criterion"], item["text"]) for item in body["evidence"]],
            artifacts=[submissions.Artifact(**item) for item in body.get("artifacts", [])],
            caveats=body.get("caveats") or "",
        )
        submission = submissions.submit(task, handed_in, by=agent, lease=body["lease"], now=self.now)
        reviewer = submission.task.reviewer
        receipt = {
            "id": task.ref,
            "status": "validating",
            "submission": submission.number,
            "reviewer": reviewer.name if reviewer else None,
        }
        return Response(with_task(receipt, request, task, now=self.now), status=201)
