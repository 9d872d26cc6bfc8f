"""Entry: who is let into a page, and what becomes of a form that is refused. Every view of a page has one of these."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from tasks.domain.refusals import Refusal
from tasks.web import refusing, viewers

SIGN_IN = "/board/sign-in"
# What a form sends that nobody has typed.
_OF_THE_FORM = {"csrfmiddlewaretoken", "do", "back", "for", "kind", "priority"}

View = Callable[..., HttpResponse]


def reading(view: View) -> View:
    """A page that is only read: open to everybody in open mode, else to who is signed in."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not viewers.may_read(request):
            return to_sign_in(request)
        return answered(view, request, *args, **kwargs)

    return require_safe(guarded)


def acting(view: View) -> View:
    """A form that changes something: only for who is signed in, and what anybody else typed is not lost. A refusal
    becomes `refusing.answer`."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not viewers.signed_in(request):
            typed = list(_typed(request))
            address = _sign_in_address(request)
            return refusing.signed_out(request, typed, address) if typed else to_sign_in(request)
        return answered(view, request, *args, **kwargs)

    return require_POST(guarded)


def answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The view's answer, or that to its refusal."""
    try:
        return view(request, *args, **kwargs)
    except Refusal as refusal:
        return refusing.answer(request, refusal)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the browser to the sign-in page, and from there back: to the page itself, or to the one with the form."""
    address = _sign_in_address(request)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _sign_in_address(request: HttpRequest) -> str:
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        referer = urlsplit(request.META.get("HTTP_REFERER", "/board/"))
        back = f"{referer.path}?{referer.query}" if referer.query else referer.path
    return f"{SIGN_IN}?{urlencode({'next': back})}"


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What a person wrote into the form, by the names of its fields; not what the form says of itself."""
    for name, values in request.POST.lists():
        if name not in _OF_THE_FORM and not name.startswith("initial-"):
            yield from (
                (name.replace("_", " "), text) for text in values if text.strip() and not text.isdecimal()
            )
