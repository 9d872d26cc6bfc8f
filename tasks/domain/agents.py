"""Agents: registering a name, what it may be, signs of life."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from tasks.domain import events, transactions
from tasks.domain.refusals import Conflict, Denied, Invalid, Missing
from tasks.models import Agent
from tasks.queries import nearest, planned, team_pause

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
# The board signs its own log entries so; nobody may take the name.
RESERVED_NAMES = frozenset({"system"})
# Seconds between two writes of a sign of life: presence costs an agent one write per this, however often it calls.
SIGN_OF_LIFE_EVERY = timedelta(seconds=15)

_SAW = """
UPDATE tasks_agent SET last_seen_at = %(now)s
WHERE id = %(agent)s AND (last_seen_at IS NULL OR last_seen_at < %(now)s)
"""


class AlreadyRegistered(Conflict):
    """There is an agent of that name."""


class ForPeople(Denied):
    """Where callers prove who they are, only a person may do this."""


class UnknownAgent(Missing):
    """No agent of that name; the nearest names are in the fix."""


def clean_name(name: object, *, field: str = "agent") -> str:
    """The name lower-cased and checked against the contract's pattern; refused as Invalid, naming `field`."""
    if isinstance(name, str):
        lowered = name.strip().lower()
        if NAME.fullmatch(lowered) and lowered not in RESERVED_NAMES:
            return lowered
    raise Invalid(
        {
            field: [
                "An agent's name is 1 to 40 of a-z 0-9 . _ -, starts with a letter or digit, and is not 'system'."
            ]
        },
        fix=f"Call again with {field} set to such a name, for example link or worker-3.",
    )


def find(name: object) -> Agent:
    """The agent of this name. Refuses a name nobody has as UnknownAgent."""
    cleaned = clean_name(name)
    try:
        return Agent.objects.get(name=cleaned)
    except Agent.DoesNotExist:
        names = nearest.agents(cleaned)
        hint = f"The nearest names are {', '.join(names)}." if names else "GET /agents lists the names."
        raise UnknownAgent(f"No agent is called {cleaned}.", fix=hint) from None


def known(name: str, *, field: str) -> Agent:
    """The agent that a field of a call names. Refuses a name nobody has as Invalid, with the nearest names."""
    agent = Agent.objects.filter(name=name).first()
    if agent is None:
        near = nearest.agents(name)
        raise Invalid(
            {field: [f"No agent is called {name}."]},
            fix=f"The nearest names are {', '.join(near)}." if near else "GET /agents lists the names.",
        )
    return agent


def find_or_register(name: object, *, now: datetime, field: str = "agent") -> tuple[Agent, bool]:
    """The agent of this name, made on first use (an AI agent with no skills), and whether it is new."""
    cleaned = clean_name(name, field=field)
    agent = Agent.objects.filter(name=cleaned).first()
    if agent:
        return agent, False
    with transactions.change():
        agent, created = Agent.objects.get_or_create(name=cleaned, defaults=_first(now))
        if created:
            events.record("agent.registered", now=now, by=agent)
    return agent, created


def find_or_register_all(names: Mapping[str, str], *, now: datetime) -> tuple[dict[str, Agent], list[Agent]]:
    """The agents of these names (each with the field that gave it) by name as given, and those of them that are new.

    One query for all that there are.
    """
    cleaned = {name: clean_name(name, field=field) for name, field in names.items()}
    known = {agent.name: agent for agent in Agent.objects.filter(name__in=set(cleaned.values()))}
    new = []
    # Sorted, because two calls that register the same names in different orders would deadlock.
    for name in sorted(set(cleaned.values()) - known.keys()):
        known[name], is_new = find_or_register(name, now=now)
        new += [known[name]] if is_new else []
    return {name: known[cleaned[name]] for name in cleaned}, new


def register(name: object, *, by: Agent | None = None, now: datetime, **facts: Any) -> Agent:
    """Make an agent with the given facts. Refuses a taken name as AlreadyRegistered, and a person made by an AI agent
    as ForPeople."""
    cleaned = clean_name(name, field="name")
    _refuse_posing(by, cleaned, facts)
    with transactions.change():
        agent, created = Agent.objects.get_or_create(name=cleaned, defaults=_first(now, **facts))
        if not created:
            raise AlreadyRegistered(
                f"{cleaned} is registered already.", fix=f"PATCH /agents/{cleaned} to change it."
            )
        events.record("agent.registered", now=now, by=agent)
    return agent


def _first(now: datetime, **facts: Any) -> dict[str, Any]:
    """What a new agent begins with; it is paused if the team is."""
    is_one_of_the_team = facts.get("kind", Agent.Kind.AGENT) == Agent.Kind.AGENT
    if is_one_of_the_team and not facts.get("paused_until"):
        facts["paused_until"] = team_pause.until(now=now)
    return {"created_at": now, **facts}


def change(agent: Agent, *, by: Agent | None, now: datetime, **facts: Any) -> Agent:
    """Set facts of an agent (`kind`, `role`, `skills`, `wip_limit`, `paused_until`).

    Refuses an AI agent that makes a person of one, or changes another agent, as ForPeople.
    """
    _refuse_posing(by, agent.name, facts)
    if _proves_itself(by) and by is not None and by.pk != agent.pk:
        raise ForPeople(
            f"{agent.name} is changed by itself or by a person.", fix=f"Ask a person to change {agent.name}."
        )
    with transactions.change():
        Agent.objects.filter(pk=agent.pk).update(**facts)
        events.record("agent.changed", now=now, by=by, agent=agent.name, fields=sorted(facts))
    agent.refresh_from_db()
    return agent


def _proves_itself(by: Agent | None) -> bool:
    """Whether `by` is an AI agent, known for sure. Where everybody is believed, rules would only seem to hold."""
    return settings.AUTH == "token" and by is not None and by.kind != Agent.Kind.HUMAN


def _refuse_posing(by: Agent | None, name: str, facts: Mapping[str, Any]) -> None:
    # People may override reviews, amend criteria and cancel what is not theirs.
    if facts.get("kind") == Agent.Kind.HUMAN and _proves_itself(by):
        raise ForPeople(f"Only a person can say that {name} is one.", fix="Leave kind out, or ask a person.")


def heartbeat(agent: Agent, *, status: str, note: str, now: datetime) -> None:
    """Store what an agent says of itself. Moves nothing but its presence: no lease is renewed, no flag cleared."""
    with transactions.change():
        Agent.objects.filter(pk=agent.pk).update(said_status=status, said_note=note, last_seen_at=now)
        if status != agent.said_status:
            events.record("agent.presence", now=now, by=agent, status=status)


def saw(agent: Agent, *, now: datetime) -> None:
    """Note a sign of life, at most one write per agent and `SIGN_OF_LIFE_EVERY`."""
    if agent.last_seen_at is None or agent.last_seen_at <= now - SIGN_OF_LIFE_EVERY:
        at = connection.ops.adapt_datetimefield_value(now)
        with transactions.statement(), planned.cursor() as cursor:
            cursor.execute(_SAW, {"agent": agent.pk, "now": at})
        agent.last_seen_at = now


def wip_limit(agent: Agent) -> int:
    """How many tasks the agent may hold at once."""
    return agent.wip_limit or settings.WIP_LIMIT
