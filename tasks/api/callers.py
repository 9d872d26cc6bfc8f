"""Callers: who makes the call.

In open mode a caller names itself, and a new name registers itself; in token mode its token says who it is. A token
that is shown counts in both modes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from rest_framework.request import Request

from tasks.domain import agents, tokens
from tasks.domain.refusals import Denied, Refusal
from tasks.models import Agent

# Where a request keeps whose token it showed. No header arrives under such a name.
_HOLDER = "agentboard.holder"


class WhoAreYou(Refusal):
    """The call needs a caller and names none."""

    code = "who_are_you"


class WrongAgent(Denied):
    """The call names two agents, or another one than its token's."""

    code = "wrong_agent"


def authenticate(request: Request, *, now: datetime) -> None:
    """Look at the token of the call, for what comes after. Every call but the public ones begins with this.

    Refuses a token that lets nobody in as tokens.BadToken and, in token mode, a call without one as WhoAreYou.
    """
    scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        request.META[_HOLDER] = tokens.holder(secret.strip(), now=now)
    elif settings.AUTH == "token":
        raise WhoAreYou(
            "The call shows no token, and this board asks for one.",
            fix="Send Authorization: Bearer TOKEN; a person makes a token on /board/connect.",
        )


def holder(request: Request) -> str | None:
    """The agent whose token the call shows; None without a token."""
    return request.META.get(_HOLDER)


def refuse_other(request: Request, name: str) -> None:
    """Refuse a call in the name of `name` that shows another agent's token."""
    shown = holder(request)
    if shown is not None and agents.clean_name(name) != shown:
        raise WrongAgent(
            f"The call is made in the name of {agents.clean_name(name)}, and its token is {shown}'s.",
            fix=f"Call as {shown}, or leave the name out: the token says it.",
        )


def name(request: Request, *, by_query: bool = True) -> str | None:
    """The caller's name, lower-cased and checked: its token's, `?agent=`, the body's `agent` or `X-Agent`, which must
    not differ. None if the call has none.

    `by_query` false: `?agent=` means something else in this call.
    """
    # The parser lets only objects through.
    body = cast(dict[str, Any], request.data).get("agent") if request.method not in ("GET", "HEAD") else None
    asked = request.query_params.get("agent") if by_query else None
    given = (asked, body, request.headers.get("X-Agent"))
    names = {agents.clean_name(value) for value in given if value is not None and value != ""}
    shown = holder(request)
    if shown is not None:
        for other in sorted(names):
            refuse_other(request, other)
        return shown
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
