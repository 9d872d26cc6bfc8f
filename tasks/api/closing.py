"""Cancel, reopen, release: the calls that end or restart a task with a reason."""

from __future__ import annotations

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import answers, callers, fields
from tasks.api.calls import Call, find_task, with_task
from tasks.domain import closing, limits


class Reason(fields.Body):
    """Why."""

    agent = fields.AgentName(required=False)
    reason = fields.Text(max_length=limits.REASON)


class _Closing(Call):
    verb: Callable[..., None]

    def post(self, request: Request, ref: str) -> Response:
        body = self.read(Reason)
        agent = callers.caller(request, now=self.now)
        task = find_task(ref)
        type(self).verb(task, by=agent, reason=body["reason"], now=self.now)
        task = find_task(ref)
        return Response(with_task({"id": task.ref, "status": task.status}, request, task, now=self.now))


class CancelTask(_Closing):
    """`POST /tasks/{id}/cancel`."""

    verb = closing.cancel

    @extend_schema(operation_id="cancel", request=Reason, responses=answers.Receipt)
    def post(self, request: Request, ref: str) -> Response:
        """Give a task up; by its creator, its reviewer or a human."""
        return super().post(request, ref)


class ReopenTask(_Closing):
    """`POST /tasks/{id}/reopen`."""

    verb = closing.reopen

    @extend_schema(operation_id="reopen", request=Reason, responses=answers.Receipt)
    def post(self, request: Request, ref: str) -> Response:
        """Bring a done or cancelled task back; by its creator, its reviewer or a human."""
        return super().post(request, ref)


class OverrideTask(_Closing):
    """`POST /tasks/{id}/override`."""

    verb = closing.override

    @extend_schema(operation_id="override", request=Reason, responses=answers.Receipt)
    def post(self, request: Request, ref: str) -> Response:
        """Close a task without an approval; by a human. Stays visible as what it is."""
        return super().post(request, ref)


class ReleaseTask(_Closing):
    """`POST /tasks/{id}/release`."""

    verb = closing.release

    @extend_schema(operation_id="release", request=Reason, responses=answers.Receipt)
    def post(self, request: Request, ref: str) -> Response:
        """Free a task from its holder; by its creator, its reviewer or a human."""
        return super().post(request, ref)
