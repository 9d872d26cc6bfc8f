"""Callers: who makes the call. In open mode a caller names itself, and a new name registers itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from rest_framework.request import Request

from tasks.domain import agents
from tasks.domain.refusals import Denied, Refusal
from tasks.models import Agent


class WhoAreYou(Refusal):
    """The call needs a caller and names none."""

    code = "who_are_you"


class WrongAgent(Denied):
    """The call names two agents."""

    code = "wrong_agent"


def name(request: Request, *, by_query: bool = True) -> str | None:
    """The caller's name, lower-cased and checked: `?agent=`, the body's `agent` or `X-Agent`. None if it has none.

    `by_query` false: `?agent=` means something else in this call.
    """
    # The parser lets only objects through.
    body = cast(dict[str, Any], request.data).get("agent") if request.method not in ("GET", "HEAD") else None
    asked = request.query_params.get("agent") if by_query else None
    given = (asked, body, request.headers.get("X-Agent"))
    names = {agents.clean_name(value) for value in given if value is not None and value != ""}
    if len(names) > 1:
        raise WrongAgent(
            f"The call names {' and '.join(sorted(names))} as its caller.",
            fix="Name one agent, the one you are.",
        )
    return names.pop() if names else None


def required_name(request: Request) -> str:
    """The caller's name; refused as WhoAreYou if the call has none."""
    found = name(request)
    if found is None:
        raise WhoAreYou(
            "The call does not say who is calling.",
            fix="Add ?agent=NAME, an agent field in the body, or X-Agent.",
        )
    return found


def caller(request: Request, *, now: datetime) -> Agent:
    """The caller, registered on its first call; this is a sign of life."""
    agent, _ = agents.find_or_register(required_name(request), now=now)
    agents.saw(agent, now=now)
    return agent


def notice(request: Request, *, now: datetime, by_query: bool = True) -> Agent | None:
    """The caller of a call that needs none: a sign of life if it names one that is registered."""
    found = name(request, by_query=by_query)
    agent = Agent.objects.filter(name=found).first() if found else None
    if agent:
        agents.saw(agent, now=now)
    return agent
