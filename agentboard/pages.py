"""What only the HTML half needs: sessions, sign-in, CSRF, messages and frame options stay off the API's path."""

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.deprecation import MiddlewareMixin

PAGES = ("/admin/", "/board/")


def is_page(request: HttpRequest) -> bool:
    """Whether the request is for a person's browser and not for the API."""
    return request.path_info.startswith(PAGES)


class _OnPages(MiddlewareMixin):
    """Runs the middleware it is mixed into for pages, and steps aside for everything else."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_page(request):
            return super().__call__(request)  # type: ignore[return-value]
        return self.get_response(request)  # type: ignore[return-value]

    def process_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        inherited = getattr(super(), "process_view", None)
        return inherited(request, *args, **kwargs) if inherited and is_page(request) else None


class SessionsOnPages(_OnPages, SessionMiddleware):
    """Sessions for pages.

    Behind a proxy that speaks https the server itself does not, and believes no header of a proxy. `Origin`, which a
    browser sends with every form, tells: `agentboard.origins` has compared its host. Then the session's cookie is never
    sent without https either.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.headers.get("Origin", "").startswith("https://"):
            request.META["wsgi.url_scheme"] = "https"
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        if request.is_secure() and settings.SESSION_COOKIE_NAME in answer.cookies:
            answer.cookies[settings.SESSION_COOKIE_NAME]["secure"] = True
        return answer


class CsrfOnPages(_OnPages, CsrfViewMiddleware):
    """CSRF tokens for pages; the API is guarded by `agentboard.origins`."""


class SignInOnPages(_OnPages, AuthenticationMiddleware):
    """The signed-in user for pages."""


class MessagesOnPages(_OnPages, MessageMiddleware):
    """One-time messages for pages."""


class FramesOnPages(_OnPages, XFrameOptionsMiddleware):
    """No page can be framed."""
