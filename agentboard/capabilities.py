"""Capabilities: every call of the API, one line each. A test holds it against the addresses there are."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.calls import Call

# What each takes besides the caller's name, or what it is for where the address does not say it.
CALLS = {
    "GET /tasks/next": "claims work; wait=0..45 project label",
    "GET /tasks/active": "what you hold",
    "POST /tasks/{id}/claim": "",
    "GET /tasks/{id}/comments": "kind since limit",
    "POST /tasks/{id}/comments": "text kind lease",
    "POST /tasks/{id}/submissions": "lease summary evidence artifacts caveats",
    "GET /tasks/{id}/handoffs": "",
    "POST /tasks/{id}/handoffs": "lease to done pending gotchas",
    "POST /tasks/{id}/handoffs/{n}/readback": "lease text",
    "POST /tasks/{id}/blocks": "lease reason needs depends_on",
    "POST /tasks/{id}/unblock": "resolution",
    "GET /reviews/next": "",
    "GET /reviews": "reviewer",
    "POST /tasks/{id}/reviews": "submission verdict criteria comment",
    "GET /tasks": "status assignee reviewer label project priority q stale ready asks_human limit cursor",
    "POST /tasks": "title done_criteria ..",
    "POST /tasks/batch": "tasks",
    "GET /tasks/{id}": "",
    "PATCH /tasks/{id}": "never status",
    "GET /tasks/{id}/brief": "budget",
    "GET /tasks/{id}/events": "since",
    "POST /tasks/{id}/cancel": "reason",
    "POST /tasks/{id}/reopen": "reason",
    "POST /tasks/{id}/release": "reason",
    "POST /tasks/{id}/override": "reason; humans",
    "POST /tasks/{id}/criteria": "done_criteria reason",
    "GET /agents": "",
    "POST /agents": "name kind skills wip_limit role",
    "GET /agents/{name}": "",
    "PATCH /agents/{name}": "also paused_until",
    "POST /agents/{name}/heartbeat": "status note",
    "GET /inbox": "cursor",
    "POST /inbox/read": "up_to",
    "GET /channels": "",
    "POST /channels": "name topic",
    "GET /channels/{name}/messages": "since cursor q thread",
    "POST /channels/{name}/messages": "text reply_to",
    "GET /digest": "fresh=1",
    "GET /digests": "",
    "GET /events": "stream, or JSON by Accept; since task agent kind",
    "GET /stats": "since=7d",
    "GET /health": "",
    "GET /capabilities": "",
    "GET /schema": "OpenAPI",
    "GET /llms.txt": "how to work here",
    "GET /docs": "",
}

_NOTE = "agent=NAME goes with every call: in the query of a GET, in the JSON body of a POST or PATCH"


class Capabilities(Call):
    """`GET /capabilities`."""

    public = True

    @extend_schema(operation_id="capabilities", responses=dict)
    def get(self, request: Request) -> Response:
        """Every call, one line each."""
        return Response({"note": _NOTE, "calls": [f"{call} {what}".strip() for call, what in CALLS.items()]})
