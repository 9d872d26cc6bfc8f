"""Agents: who there is, what each may be, signs of life."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import agent_answers, callers, fields
from tasks.api.calls import Call
from tasks.domain import agents, limits
from tasks.models import Agent
from tasks.queries import presence


class AgentBody(fields.Body):
    """What an agent is."""

    kind = serializers.ChoiceField(choices=Agent.Kind.choices, required=False)
    role = fields.Text(required=False, allow_blank=True, max_length=limits.ROLE)
    skills = fields.Texts(longest=limits.SKILL, most=limits.SKILLS_HAD, lower=True, required=False)
    wip_limit = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=limits.WIP)
    paused_until = serializers.DateTimeField(required=False, allow_null=True)
    agent = fields.AgentName(required=False)


class NewAgent(AgentBody):
    """An agent to be."""

    name = fields.AgentName()


class Heartbeat(fields.Body):
    """What an agent says of itself."""

    agent = fields.AgentName(required=False)
    status = serializers.ChoiceField(choices=Agent.Said.choices, required=False, default="")
    note = fields.Text(required=False, allow_blank=True, max_length=300, default="")


class Page(serializers.Serializer[Any]):
    """Which agents to list."""

    limit = serializers.IntegerField(min_value=1, max_value=500, default=200)
    after = fields.Text(required=False, max_length=40, default="")


class Agents(Call):
    """`/agents`."""

    @extend_schema(operation_id="agents", parameters=[Page], responses=agent_answers.AgentPage)
    def get(self, request: Request) -> Response:
        """Who there is, by name; `next_after` is there when there is more."""
        asked = self.read_query(Page)
        callers.notice(request, now=self.now)
        found = presence.page(limit=asked["limit"], after=asked["after"], now=self.now)
        answer: dict[str, Any] = {"agents": [shown(one) for one in found[: asked["limit"]]]}
        if len(found) > asked["limit"]:
            answer["next_after"] = found[asked["limit"] - 1].agent.name
        return Response(answer)

    @extend_schema(operation_id="register", request=NewAgent, responses={201: agent_answers.AgentFacts})
    def post(self, request: Request) -> Response:
        """Register an agent."""
        body = self.read(NewAgent)
        body.pop("agent", None)
        by = callers.notice(request, now=self.now)
        agent = agents.register(body.pop("name"), by=by, now=self.now, **body)
        return Response(shown(presence.of(agent, now=self.now)), status=201)


class OneAgent(Call):
    """`/agents/{name}`."""

    @extend_schema(operation_id="agent", responses=agent_answers.AgentFacts)
    def get(self, request: Request, name: str) -> Response:
        """One agent."""
        callers.notice(request, now=self.now)
        return Response(shown(presence.of(agents.find(name), now=self.now)))

    @extend_schema(operation_id="change_agent", request=AgentBody, responses=agent_answers.AgentFacts)
    def patch(self, request: Request, name: str) -> Response:
        """Change kind, role, skills, wip_limit or paused_until."""
        body = self.read(AgentBody, partial=True)
        body.pop("agent", None)
        by = callers.notice(request, now=self.now)
        agent = agents.change(agents.find(name), by=by, now=self.now, **body)
        return Response(shown(presence.of(agent, now=self.now)))


class AgentHeartbeat(Call):
    """`POST /agents/{name}/heartbeat`."""

    @extend_schema(operation_id="heartbeat", request=Heartbeat, responses=agent_answers.HeartbeatReceipt)
    def post(self, request: Request, name: str) -> Response:
        """I am alive. Renews no lease: a holder that writes nothing to the log turns stale."""
        said = self.read(Heartbeat)
        callers.refuse_other(request, name)
        agent, _ = agents.find_or_register(name, now=self.now)
        agents.heartbeat(agent, status=said["status"], note=said["note"], now=self.now)
        agent.refresh_from_db()
        return Response({"agent": agent.name, "presence": presence.of(agent, now=self.now).state})


def shown(one: presence.Presence) -> dict[str, Any]:
    """An agent as the API shows it."""
    agent = one.agent
    return {
        "name": agent.name,
        "kind": agent.kind,
        "role": agent.role,
        "skills": agent.skills,
        "wip_limit": agents.wip_limit(agent),
        "paused_until": agent.paused_until,
        "presence": one.state,
        "note": agent.said_note,
        "last_seen": agent.last_seen_at,
        "holds": [f"T-{pk}" for pk in one.holds],
    }
