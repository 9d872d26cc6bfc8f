"""Pauses: giving an agent, or the whole team, no work for a while."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from tasks import durations, operators
from tasks.domain import agents, pauses
from tasks.domain.refusals import Invalid
from tasks.web import entry


@entry.acting
def pause(request: HttpRequest, name: str) -> HttpResponse:
    """`POST /board/agents/{name}/pause`, `for` a duration or, empty, until it is resumed."""
    now = timezone.now()
    agent = agents.find(name)
    until = _until(request, now=now)
    pauses.pause(agent, until=until, by=operators.acting(request, now=now), now=now)
    return _done(request, f"{agent.name} is paused {_worded(until)}. What it holds it may finish.")


@entry.acting
def resume(request: HttpRequest, name: str) -> HttpResponse:
    """`POST /board/agents/{name}/resume`."""
    now = timezone.now()
    agent = agents.find(name)
    pauses.resume(agent, by=operators.acting(request, now=now), now=now)
    return _done(request, f"{agent.name} is given work again.")


@entry.acting
def pause_team(request: HttpRequest) -> HttpResponse:
    """`POST /board/team/pause`: every AI agent."""
    now = timezone.now()
    until = _until(request, now=now)
    pauses.pause_all(until=until, by=operators.acting(request, now=now), now=now)
    return _done(request, f"The team is paused {_worded(until)}. What it holds it may finish.")


@entry.acting
def resume_team(request: HttpRequest) -> HttpResponse:
    """`POST /board/team/resume`."""
    now = timezone.now()
    pauses.resume_all(by=operators.acting(request, now=now), now=now)
    return _done(request, "The team is given work again.")


def _until(request: HttpRequest, *, now: datetime) -> datetime | None:
    length = request.POST.get("for", "")
    try:
        return now + durations.parse(length) if length else None
    except ValueError as error:
        raise Invalid({"for": [str(error)]}, fix="Choose one of the lengths.") from None


def _worded(until: datetime | None) -> str:
    return f"until {until:%Y-%m-%d %H:%M} UTC" if until else "until somebody resumes it"


def _done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/board/")
    return redirect(back if is_ours else "/board/agents")
