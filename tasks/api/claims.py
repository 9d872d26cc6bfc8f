"""Getting work: next, active, claim."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks import durations
from tasks.api import answers, callers, fields
from tasks.api.calls import Call, find_task
from tasks.domain import claims
from tasks.models import Agent, Project
from tasks.queries import nearest, packets, queue, waiting

RETRY_AFTER = 15
LONGEST_WAIT = 45
# Read by the server's side of waiting (agentboard.serve.waiting): hold this answer back and ask again.
PARK = "X-Agentboard-Park"


class Narrowing(serializers.Serializer[Any]):
    """What `next` may be asked with."""

    project = fields.ProjectName(required=False)
    label = fields.Text(required=False, max_length=100)  # type: ignore[assignment]
    wait = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_WAIT)


class NextTask(Call):
    """`GET /tasks/next`: claims, so it is no GET for anybody who only looks (HEAD, a prefetching browser)."""

    http_method_names = ["get"]

    @extend_schema(operation_id="next", parameters=[Narrowing], responses=answers.PacketOrNothing)
    def get(self, request: Request) -> Response:
        """Give me work: claims the best ready task, or gives the one you hold again."""
        self.refuse_prefetch(request)
        asked = self.read_query(Narrowing)
        name = callers.required_name(request)
        narrowed = {"project": asked.get("project"), "label": asked.get("label")}
        found = claims.next_task(name, now=self.now, **narrowed)
        if isinstance(found, claims.Work):
            return Response(work(found, name=name, now=self.now))
        return self._nothing(request, found, name, narrowed, wait=asked.get("wait", 0))

    def _nothing(
        self, request: Request, found: claims.Nothing, name: str, narrowed: dict[str, Any], *, wait: int
    ) -> Response:
        body: dict[str, Any] = {
            "task": None,
            "reason": found.reason,
            "retry_after": RETRY_AFTER,
            **found.counts,
        }
        if found.until:
            body["paused_until"] = found.until
        project = narrowed["project"]
        if project and not Project.objects.filter(name=project).exists():
            near = nearest.projects(project)
            body["hint"] = f"There is no project {project}." + (
                f" Nearest: {', '.join(near)}." if near else ""
            )
        response = Response(body)
        if wait and not request.META.get("agentboard.last"):
            agent = Agent.objects.get(name=name)
            response[PARK] = f"{wait};{waiting.ticket(agent, until=found.until, **narrowed)}"
        return response


class ActiveTasks(Call):
    """`GET /tasks/active`."""

    @extend_schema(operation_id="active", responses=answers.Packets)
    def get(self, request: Request) -> Response:
        """What was I doing: the packet of every task you hold; claims nothing."""
        agent = callers.caller(request, now=self.now)
        held = queue.held_by(agent)
        return Response({"tasks": [resumed(packet) for packet in packets.build(held, now=self.now)]})


class ClaimTask(Call):
    """`POST /tasks/{id}/claim`."""

    @extend_schema(operation_id="claim", request=None, responses=answers.Packet)
    def post(self, request: Request, ref: str) -> Response:
        """Claim that one."""
        agent = callers.caller(request, now=self.now)
        found = claims.claim(find_task(ref), by=agent, now=self.now)
        return Response(work(found, name=agent.name, now=self.now))


def work(found: claims.Work, *, name: str, now: Any) -> dict[str, Any]:
    """The answer that hands over work: the packet of the oldest lease, and how many more there are."""
    packet = packets.build(found.task_ids[:1], now=now)[0]
    if found.resumed:
        return resumed(packet, others=len(found.task_ids) - 1)
    return packet | {"resumed": False, "next_step": _next_step(packet)}


def resumed(packet: dict[str, Any], *, others: int = 0) -> dict[str, Any]:
    """A packet of work that was held before the call."""
    step = _next_step(packet)
    if others > 0:
        step = f"You hold {others} more; GET /tasks/active lists all. {step}"
    return packet | {"resumed": True, "next_step": step}


def _next_step(packet: dict[str, Any]) -> str:
    task, handoff = packet["task"]["id"], packet["handoff"]
    if handoff and handoff["readback_needed"]:
        return (
            f"Read the handoff; POST /tasks/{task}/handoffs/{handoff['id']}/readback {{agent, lease, text}} with"
            " what you understood and will do first; then do the work."
        )
    silence = durations.write(int(settings.STALE_AFTER.total_seconds()))
    return (
        f"Do the work; POST /tasks/{task}/comments {{agent, lease, kind, text}} with what you find,"
        f" at least every {silence}; when every criterion is met, POST .../submissions."
    )
