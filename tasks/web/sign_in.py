"""Signing in and out: by a one-time link, or by a password."""

from __future__ import annotations

import re

from django.contrib import auth, messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tasks import http_status
from tasks.domain import sign_in
from tasks.domain.refusals import Refusal
from tasks.web import guessing

HOME = "/board/"
# Not through `..`, plain or encoded, which a browser follows.
_PAGE = re.compile(r"/(?:board/(?!sign-)|admin/)(?!.*(?:\.|%2e){2})[!-~]*", re.IGNORECASE)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """`/board/sign-in`: by username and password."""
    if request.method != "POST":
        return _ask(request, AuthenticationForm(request))
    now = timezone.now()
    username = request.POST.get("username", "")[:150]
    if wait := guessing.guesses.begin(username, now=now):
        return _ask(request, AuthenticationForm(request), status=429, wait=wait)
    form = AuthenticationForm(request, data=request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    guessing.guesses.succeeded(username)
    return _let_in(request, form.get_user())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """`/board/sign-in/{secret}`: a page that only asks, because what previews links must not use them up; then the
    deed."""
    now = timezone.now()
    try:
        if request.method != "POST":
            return render(request, "board/sign_in_link.html", {"username": sign_in.look(secret, now=now)})
        user = auth.get_user_model()._default_manager.get(pk=sign_in.redeem(secret, now=now))
    except Refusal as refusal:
        status = http_status.of(refusal)
        return render(request, "board/sign_in_link.html", {"refusal": refusal}, status=status)
    return _let_in(request, user)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """`/board/sign-out`."""
    auth.logout(request)
    messages.info(request, "You are signed out.")
    return HttpResponseRedirect("/board/sign-in")


def _ask(request: HttpRequest, form: AuthenticationForm, *, status: int = 200, wait: int = 0) -> HttpResponse:
    context = {"form": form, "next": _next(request), "wait": wait}
    response = render(request, "board/sign_in.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    # Gives the session a new key, and leaves nothing of who had it before.
    auth.login(request, user, backend=_BACKEND)
    return HttpResponseRedirect(_next(request))


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page: a call of the API would be made in the person's name."""
    wanted = request.POST.get("next") or request.GET.get("next") or HOME
    return wanted if _PAGE.fullmatch(wanted) else HOME
