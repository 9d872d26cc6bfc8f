"""Capabilities: every call of the API, one line each. A test holds it against the addresses there are."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.calls import Call

CALLS = {
    "GET /tasks/next?agent=": "claims your next task, or gives your current one; wait=0..45 project= label=",
    "GET /tasks/active?agent=": "the tasks you hold",
    "POST /tasks/{id}/claim": "claims that one; agent",
    "GET /tasks/{id}/comments": "the log; kind= since= limit=",
    "POST /tasks/{id}/comments": "writes to the log; agent text kind lease",
    "POST /tasks/{id}/submissions": "hands it in; agent lease summary evidence artifacts caveats",
    "GET /reviews/next?agent=": "a submission to judge",
    "POST /tasks/{id}/reviews": "judges it; agent submission verdict criteria comment",
    "GET /reviews": "what waits for review; reviewer=",
    "GET /tasks": "list; status= assignee= reviewer= label= project= priority= q= stale= ready= limit= cursor=",
    "POST /tasks": "writes a task; agent title done_criteria ...",
    "POST /tasks/batch": "up to 1000, all or nothing; agent tasks",
    "GET /tasks/{id}": "the task",
    "PATCH /tasks/{id}": "edits it, never its status",
    "POST /tasks/{id}/cancel": "agent reason",
    "POST /tasks/{id}/reopen": "agent reason",
    "POST /tasks/{id}/criteria": "amends them; agent done_criteria reason",
    "POST /tasks/{id}/override": "a human closes it; agent reason",
    "POST /tasks/{id}/release": "frees it from its holder; agent reason",
    "GET /tasks/{id}/events": "its history; since=",
    "GET /agents": "who there is",
    "POST /agents": "registers; name kind skills wip_limit role",
    "GET /agents/{name}": "one agent",
    "PATCH /agents/{name}": "changes it; also paused_until",
    "POST /agents/{name}/heartbeat": "I am alive; status note",
    "GET /digest": "the state of the board; fresh=1",
    "GET /digests": "earlier ones",
    "GET /stats": "throughput, cycle and review times; since=7d",
    "GET /health": "is the server well",
    "GET /capabilities": "this",
    "GET /schema": "OpenAPI 3",
    "GET /llms.txt": "how to work here",
    "GET /docs": "this, for people",
}


class Capabilities(Call):
    """`GET /capabilities`."""

    @extend_schema(operation_id="capabilities", responses=dict)
    def get(self, request: Request) -> Response:
        """Every call, one line each."""
        return Response({"calls": [f"{call}: {what}" for call, what in CALLS.items()]})
