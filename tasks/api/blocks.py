"""Stopping a task that cannot go on, and letting it go on."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import answers, callers, fields, handoff_answers
from tasks.api.calls import Call, find_task, with_task
from tasks.domain import blocks, limits


class NewBlock(fields.Body):
    """A block to be: why, what is needed from whom, and tasks to wait for."""

    agent = fields.AgentName(required=False)
    lease = fields.Lease()
    reason = fields.Text(max_length=limits.BLOCK)
    needs = fields.Text(max_length=limits.BLOCK)
    depends_on = fields.Texts(
        longest=limits.EXTERNAL_ID, most=limits.OBSTACLES, required=False, allow_null=True
    )


class NewResolution(fields.Body):
    """What became of what was in the way."""

    agent = fields.AgentName(required=False)
    resolution = fields.Text(max_length=limits.BLOCK)


class Blocks(Call):
    """`POST /tasks/{id}/blocks`."""

    @extend_schema(operation_id="block", request=NewBlock, responses={201: handoff_answers.BlockReceipt})
    def post(self, request: Request, ref: str) -> Response:
        """Stop the work, saying why and what is needed; with `depends_on` it ends by itself. Your lease ends."""
        body = self.read(NewBlock)
        agent = callers.caller(request, now=self.now)
        task = find_task(ref)
        obstacle = blocks.Obstacle(body["reason"], body["needs"], body.get("depends_on") or ())
        stop = blocks.block(task, obstacle, by=agent, lease=body["lease"], now=self.now)
        receipt = {"id": task.ref, "status": "blocked", "block": stop.number, "waits": stop.waits}
        return Response(with_task(receipt, request, task, now=self.now), status=201)


class UnblockTask(Call):
    """`POST /tasks/{id}/unblock`."""

    @extend_schema(operation_id="unblock", request=NewResolution, responses=answers.Receipt)
    def post(self, request: Request, ref: str) -> Response:
        """Let a blocked task go on, saying what became of the obstacle; anyone may. Its last holder gets it first."""
        body = self.read(NewResolution)
        agent = callers.caller(request, now=self.now)
        blocks.unblock(find_task(ref), by=agent, resolution=body["resolution"], now=self.now)
        task = find_task(ref)
        return Response(with_task({"id": task.ref, "status": task.status}, request, task, now=self.now))
