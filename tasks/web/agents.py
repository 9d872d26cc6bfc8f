"""Agents: who there is and what each is doing, and what a human may change of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tasks import operators
from tasks.domain import agents
from tasks.models import Agent
from tasks.queries import roster
from tasks.web import entry, parts
from tasks.web.agent_form import AgentForm

_SHOWN = 50
_ATTEMPTS = 30
WHICH = {"all": "All", "here": "Here now", "paused": "Paused"}


@entry.reading
def listed(request: HttpRequest) -> HttpResponse:
    """`GET /board/agents`: a page of all of them, of who is here, of who is paused."""
    now = timezone.now()
    which = request.GET.get("which", "all")
    which = which if which in WHICH else "all"
    lines, after = roster.page(limit=_SHOWN, after=request.GET.get("after", "")[:40], which=which, now=now)
    counts = roster.counts(now=now)
    context = {
        "here": "agents",
        "now": now,
        "lines": lines,
        "after": after,
        "which": which,
        "tabs": [(key, title, counts[key]) for key, title in WHICH.items()],
        "counts": counts,
        "usual_limit": settings.WIP_LIMIT,
    }
    return parts.render(request, "agents/_crew.html", of="agents/agents.html", context=context)


@entry.reading
def shown(request: HttpRequest, name: str) -> HttpResponse:
    """`GET /board/agents/{name}`: one of them, with its attempts."""
    return _page(request, agents.find(name))


@entry.acting
def change(request: HttpRequest, name: str) -> HttpResponse:
    """`POST /board/agents/{name}/facts`: its role, skills and limit."""
    agent = agents.find(name)
    form = AgentForm(request.POST)
    if not form.is_valid():
        return _page(request, agent, form=form, status=422)
    now = timezone.now()
    agents.change(agent, by=operators.acting(request, now=now), now=now, **form.facts())
    messages.success(request, f"{agent.name} is changed.")
    return redirect(f"/board/agents/{agent.name}")


def _page(
    request: HttpRequest, agent: Agent, *, form: AgentForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    before = request.GET.get("before", "")
    attempts, older = roster.attempts(
        agent, limit=_ATTEMPTS, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    [line] = roster.of_each([agent], now=now)
    context: dict[str, Any] = {
        "here": "agents",
        "now": now,
        "line": line,
        "form": form or AgentForm.of(agent),
        "attempts": attempts,
        "older": older,
    }
    return render(request, "agents/agent.html", context, status=status)
