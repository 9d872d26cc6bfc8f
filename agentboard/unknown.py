"""What is at an address that no view has: a page for whoever browses the pages, the API's answer for everybody else."""

from django.http import HttpRequest, HttpResponse

from tasks.api import problems
from tasks.domain.refusals import Missing
from tasks.web import refusing


class UnknownPage(Missing):
    """No page has this address."""


def address(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for an address no view has."""
    if request.path.startswith("/board/") and "text/html" in request.headers.get("Accept", ""):
        return refusing.answer(request, UnknownPage(f"There is no page at {request.path[:200]}.", fix=""))
    return problems.unknown_address(request, exception)
