"""Passing a task on, and reading back what was passed on."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import callers, fields, handoff_answers
from tasks.api.calls import Call, expires_in, find_task, with_task
from tasks.domain import agents, handoffs, limits
from tasks.models import Handoff


class NewHandoff(fields.Body):
    """A handoff to be. Each text is said; "none" is said, too."""

    agent = fields.AgentName(required=False)
    lease = fields.Lease()
    to = fields.AgentName(required=False, allow_null=True, default=None)
    done = fields.Text(max_length=limits.HANDOFF)
    pending = fields.Text(max_length=limits.HANDOFF)
    gotchas = fields.Text(max_length=limits.HANDOFF)


class NewReadback(fields.Body):
    """What the new holder understood and will do first, in its own words."""

    agent = fields.AgentName(required=False)
    lease = fields.Lease()
    text = fields.Text(max_length=limits.HANDOFF)


class Handoffs(Call):
    """`/tasks/{id}/handoffs`."""

    @extend_schema(
        operation_id="hand_off", request=NewHandoff, responses={201: handoff_answers.HandoffReceipt}
    )
    def post(self, request: Request, ref: str) -> Response:
        """Pass the task on: what is done, what is pending, what to beware of. Your lease ends."""
        body = self.read(NewHandoff)
        agent = callers.caller(request, now=self.now)
        task = find_task(ref)
        to = agents.known(body["to"], field="to") if body["to"] else None
        words = handoffs.Words(body["done"], body["pending"], body["gotchas"])
        handoff = handoffs.hand_off(task, words, to=to, by=agent, lease=body["lease"], now=self.now)
        receipt = {"id": task.ref, "status": "todo", "handoff": handoff.number, "to": to.name if to else None}
        return Response(with_task(receipt, request, task, now=self.now), status=201)

    @extend_schema(operation_id="handoffs", responses=handoff_answers.HandoffList)
    def get(self, request: Request, ref: str) -> Response:
        """The newest twenty handoffs of a task, newest first, with their read-backs."""
        callers.notice(request, now=self.now)
        found = Handoff.objects.filter(task=find_task(ref)).order_by("-number")
        related = found.select_related("by", "to", "read_by")[:20]
        return Response({"handoffs": [shown(handoff) for handoff in related]})


class Readback(Call):
    """`POST /tasks/{id}/handoffs/{n}/readback`."""

    @extend_schema(
        operation_id="read_back", request=NewReadback, responses={201: handoff_answers.ReadbackReceipt}
    )
    def post(self, request: Request, ref: str, number: int) -> Response:
        """Say what you understood and will do first; then the task is yours to work on."""
        body = self.read(NewReadback)
        agent = callers.caller(request, now=self.now)
        task = find_task(ref)
        handoffs.read_back(task, number, text=body["text"], by=agent, lease=body["lease"], now=self.now)
        receipt = {
            "id": task.ref,
            "status": "doing",
            "handoff": number,
            "expires_in": expires_in(task.pk, agent=agent, now=self.now),
        }
        return Response(with_task(receipt, request, task, now=self.now), status=201)


def shown(handoff: Handoff) -> dict[str, Any]:
    """A handoff as a list shows it."""
    read = (
        {"by": handoff.read_by.name, "at": handoff.read_at, "text": handoff.readback}
        if handoff.read_by
        else None
    )
    return {
        "id": handoff.number,
        "from": handoff.by.name if handoff.by else "system",
        "to": handoff.to.name if handoff.to else None,
        "done": handoff.done,
        "pending": handoff.pending,
        "gotchas": handoff.gotchas,
        "at": handoff.created_at,
        "readback": read,
    }
