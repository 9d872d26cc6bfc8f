"""Problems: every answer that is not a success, as `application/problem+json` with a stable `code` and one `fix`."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from tasks import http_status
from tasks.api.json import dumps
from tasks.domain.refusals import Refusal

_log = logging.getLogger(__name__)

TITLES = {
    400: "Not understood",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Not JSON",
    422: "Invalid",
    428: "Something comes first",
    500: "Internal error",
    503: "Unavailable",
}
# An answer has to fit its reader's context, whatever a thousand tasks in one call got wrong.
_ERRORS_SHOWN = 5
_START = "GET /capabilities lists every call."


class Unparsable(Exception):
    """A request that cannot be read at all: 400."""

    def __init__(self, detail: str, *, fix: str) -> None:
        super().__init__(detail)
        self.fix = fix


def problem(
    status: int, code: str, detail: str, *, fix: str, headers: dict[str, str] | None = None, **extra: Any
) -> HttpResponse:
    """One problem as an answer."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "code": code, "detail": detail}
    body |= {"fix": fix} | extra
    return HttpResponse(
        dumps(body),
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )


def answer(error: Exception, context: dict[str, Any] | None = None) -> HttpResponse | None:
    """The answer to an exception of a view; None for one that is nobody's fault but ours (500)."""
    match error:
        case Refusal():
            return _refused(error)
        case Unparsable():
            return problem(400, "bad_request", str(error), fix=error.fix)
        case exceptions.ParseError() | UnicodeError():
            return problem(400, "bad_request", str(error), fix="Send a JSON object in UTF-8.")
        case exceptions.UnsupportedMediaType():
            return problem(
                415, "bad_request", "The body is not JSON.", fix="Send Content-Type: application/json."
            )
        case exceptions.MethodNotAllowed():
            allowed = ", ".join(context["view"].allowed_methods) if context else ""
            return problem(
                405, "method_not_allowed", str(error.detail), fix=f"This address takes {allowed}. {_START}",
                headers={"Allow": allowed},
            )  # fmt: skip
        case exceptions.ValidationError():
            return _invalid(error)
        case RequestDataTooBig():
            return problem(413, "too_large", "The body is larger than 1 MiB.", fix="Send less in one call.")
        case Http404():
            return problem(404, "not_found", "There is nothing at this address.", fix=_START)
        case DatabaseError() | InterfaceError():
            return _database(error)
    return None


def unknown_address(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for an address no view has."""
    return problem(404, "not_found", f"There is nothing at {request.path[:200]}.", fix=_START)


def internal(request: HttpRequest) -> HttpResponse:
    """Django's handler for a fault of ours; the log has the traceback."""
    return problem(
        500, "internal", "The server failed; nothing was written.", fix="Send the same call again once."
    )


def _refused(error: Refusal) -> HttpResponse:
    status = http_status.of(error)
    asks = {"WWW-Authenticate": 'Bearer realm="AgentBoard"'} if status == 401 else None
    return problem(status, error.code, error.detail, fix=error.fix, headers=asks, **error.extra)


def _invalid(error: exceptions.ValidationError) -> HttpResponse:
    every = _flat(error.detail)
    errors = dict(every[:_ERRORS_SHOWN])
    if len(every) > _ERRORS_SHOWN:
        errors["more"] = [f"and {len(every) - _ERRORS_SHOWN} more fields"]
    detail = " ".join(f"{field}: {text}" for field, texts in errors.items() for text in texts)
    fix = f"Correct {', '.join(errors)} and send the call again; nothing was written."
    return problem(422, "invalid", detail[:500], fix=fix[:300], errors=errors)


def _flat(detail: Any, place: str = "") -> list[tuple[str, list[str]]]:
    """DRF's nested errors as (field, texts), with places such as `tasks[3].title`."""
    if isinstance(detail, dict):
        pairs = (
            (f"{place}[{key}]" if isinstance(key, int) else _join(place, str(key)), value)
            for key, value in detail.items()
        )
        return [entry for key, value in pairs for entry in _flat(value, key)]
    if isinstance(detail, list) and any(isinstance(item, dict) for item in detail):
        return [entry for at, item in enumerate(detail) if item for entry in _flat(item, f"{place}[{at}]")]
    return [(place or "body", [str(text) for text in (detail if isinstance(detail, list) else [detail])])]


def _join(place: str, key: str) -> str:
    if key == "non_field_errors":
        return place
    return f"{place}.{key}" if place else key


def _database(error: Exception) -> HttpResponse:
    """What the database itself refused (a value, a constraint), or its absence: never "no work", never a 500."""
    if isinstance(error, DataError):
        return problem(
            422, "invalid", "A value cannot be stored.", fix="Send plain text and numbers in range."
        )
    if isinstance(error, IntegrityError):
        _log.warning("refused by the database: %s", error)
        return problem(
            409, "wrong_state", "Somebody changed this at the same moment; nothing was written.",
            fix="Read it again and repeat the call if it still applies.",
        )  # fmt: skip
    if not isinstance(error, OperationalError | InterfaceError):
        return problem(
            500, "internal", "The server failed; nothing was written.", fix="Send the call again once."
        )
    _log.warning("the database does not answer: %s", error)
    return problem(
        503, "unavailable", "The database does not answer or is busy; nothing was written.",
        fix="Send the same call again in a second.", headers={"Retry-After": "1"},
    )  # fmt: skip
