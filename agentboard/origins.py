"""Whose request this is: nothing a web page elsewhere can make a browser send reaches the board, GET included.

`GET /tasks/next` claims, and in open mode nobody signs in, so three things are checked on every request. `Host` must be
a name this server goes by: a page that rebinds its own name to 127.0.0.1 still sends that name. `Origin`, where a
browser sends it, must be this server. `Sec-Fetch-Site`, which scripts cannot set, must say that the request comes from
this very origin or from the person at the address bar; `same-site` is refused, because every port of localhost is.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from tasks.api import problems

_OWN = ("same-origin", "none")


class SameOriginMiddleware:
    """Answers 403 to a browser's cross-site request and to a foreign `Host`, before any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reason = foreign(request)
        if reason is None:
            return self.get_response(request)
        fix = "Call from a program, or open the board at its own address."
        return problems.problem(403, "forbidden", reason, fix=fix)


def foreign(request: HttpRequest) -> str | None:
    """Why the request is not this server's own, in one sentence; None if it is."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return "The Host header names a server this is not; AGENTBOARD_ALLOWED_HOSTS lists its names."
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OWN:
        return f"A browser sent this from another site (Sec-Fetch-Site: {site[:20]})."
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return "A browser sent this from another origin."
    return None
