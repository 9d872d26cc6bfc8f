"""Amending done criteria."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import callers, fields, review_answers
from tasks.api.calls import Call, find_task, with_task
from tasks.domain import criteria, limits


class Amendment(fields.Body):
    """The next version of a task's criteria."""

    agent = fields.AgentName(required=False)
    done_criteria = fields.Texts(longest=limits.CRITERION, most=limits.CRITERIA, allow_empty=False)
    reason = fields.Text(max_length=limits.REASON)


class TaskCriteria(Call):
    """`POST /tasks/{id}/criteria`."""

    @extend_schema(
        operation_id="amend_criteria", request=Amendment, responses={201: review_answers.AmendmentReceipt}
    )
    def post(self, request: Request, ref: str) -> Response:
        """Amend the criteria, with a reason; voids what was submitted and judged. By the creator or a human."""
        body = self.read(Amendment)
        agent = callers.caller(request, now=self.now)
        version = criteria.amend(
            find_task(ref), body["done_criteria"], by=agent, reason=body["reason"], now=self.now
        )
        task = find_task(ref)
        receipt = {"id": task.ref, "status": task.status, "version": version}
        return Response(with_task(receipt, request, task, now=self.now), status=201)
