"""Connecting: tokens for agents, and what to paste into the programs that are to work on the board."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tasks import durations, operators
from tasks.domain import agents, tokens
from tasks.domain.refusals import Invalid
from tasks.models import Agent
from tasks.queries import offered, token_list
from tasks.web import entry, snippets, viewers

HERE = "/board/connect"
LIVES = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "365d": "a year", "": "until it is revoked"}
_TOKENS_SHOWN = 100
_EXAMPLE = "link"
_PLACEHOLDER = "YOUR-TOKEN"


@entry.reading
@never_cache
def connect(request: HttpRequest) -> HttpResponse:
    """`GET /board/connect?agent=NAME`: the snippets for an agent, and the tokens that the viewer has or made."""
    try:
        name = agents.clean_name(request.GET.get("agent", "").strip() or _EXAMPLE)
        wrong = ""
    except Invalid as invalid:
        name, wrong = _EXAMPLE, invalid.detail.removeprefix("agent: ")
    token = _PLACEHOLDER if settings.AUTH == "token" else None
    shown = {"named": bool(request.GET.get("agent")) and not wrong, "wrong": wrong}
    return _page(request, name, token, now=timezone.now(), **shown)


@entry.acting
@never_cache
def create(request: HttpRequest) -> HttpResponse:
    """`POST /board/connect/tokens`: makes a token and shows it, in this answer and never again."""
    now = timezone.now()
    lives = request.POST.get("lives", "")
    issued = tokens.issue_to(
        request.POST.get("agent", ""),
        by=operators.acting(request, now=now),
        now=now,
        label=request.POST.get("label", "").strip(),
        lives=durations.parse(lives) if lives in LIVES and lives else None,
    )
    return _page(request, issued.token.agent.name, issued.secret, now=now, named=True, issued=issued)


@entry.acting
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """`POST /board/connect/tokens/{prefix}/revoke`."""
    now = timezone.now()
    token = tokens.revoke(prefix, by=operators.acting(request, now=now), now=now)
    messages.success(request, f"The token {token} of {token.agent.name} lets nobody in any more.")
    return HttpResponseRedirect(HERE)


def _page(request: HttpRequest, name: str, token: str | None, *, now: datetime, **shown: Any) -> HttpResponse:
    person = viewers.viewer(request)
    mine = list(token_list.newest(of_person=person)[: _TOKENS_SHOWN + 1]) if person else []
    connection = snippets.Connection(url=_url(request), agent=name, token=token)
    context = {
        "here": "connect",
        "now": now,
        "open": settings.AUTH == "open",
        "name": name,
        "clients": snippets.clients(connection),
        "connection": connection,
        "lives": LIVES,
        "offered": offered.agents(kind=Agent.Kind.AGENT),
        "tokens": [(one, one.state(now=now)) for one in mine[:_TOKENS_SHOWN]],
        "more": len(mine) > _TOKENS_SHOWN,
        **shown,
    }
    return render(request, "board/connect.html", context)


def _url(request: HttpRequest) -> str:
    """This server's address as the browser has it: a proxy may speak https where the server does not."""
    host = request.get_host()
    came_from = urlsplit(request.headers.get("Referer", ""))
    scheme = came_from.scheme if came_from.netloc == host else request.scheme
    return f"{'https' if scheme == 'https' else 'http'}://{host}"
