"""The shapes of answers about agents; see `answers`."""

from __future__ import annotations

from rest_framework import serializers

from tasks.api import answers
from tasks.models import Agent

_STATES = ["working", "reviewing", "idle", "blocked", "offline"]


class AgentFacts(answers.Answer):
    """An agent."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(Agent.Kind.choices)
    role = serializers.CharField(allow_blank=True)
    skills = serializers.ListField(child=serializers.CharField())
    wip_limit = serializers.IntegerField()
    paused_until = serializers.DateTimeField(allow_null=True)
    presence = serializers.ChoiceField(_STATES)
    note = serializers.CharField(allow_blank=True)
    last_seen = serializers.DateTimeField(allow_null=True)
    holds = serializers.ListField(child=serializers.CharField())


class AgentPage(answers.Answer):
    """A page of agents."""

    agents = AgentFacts(many=True)
    next_after = serializers.CharField(required=False)


class HeartbeatReceipt(answers.Answer):
    """What the board makes of a heartbeat."""

    agent = serializers.CharField()
    presence = serializers.ChoiceField(_STATES)
