"""The request log: one line of JSON per request on standard error, and the request's id in its answer."""

from __future__ import annotations

import json
import re
import secrets
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    ASGISendEvent,
    HTTPScope,
    Scope,
)

# What is logged for a caller that went before it was answered; nginx made the number known.
CLIENT_LEFT = 499

_HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
# Whoever reads a log must not be able to sign in with it.
_SECRET = re.compile(r"^(/board/sign-in/).+", re.DOTALL)

Write = Callable[[str], object]


class RequestLog:
    """Wraps an ASGI application. Takes the caller's X-Request-ID if it is sane, else makes one; `app` and the caller
    both get to see it. Logs the path without its query, which may hold what people type, and without the secret of a
    sign-in link."""

    def __init__(self, app: ASGI3Application, *, write: Write | None = None) -> None:
        self._app = app
        self._write = write or sys.stderr.write

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        identity = _identify(scope)
        status = CLIENT_LEFT

        async def send_identified(event: ASGISendEvent) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
                event["headers"] = [*event["headers"], (_HEADER, identity)]
            await send(event)

        try:
            await self._app(scope, receive, send_identified)
        except BaseException:
            if status == CLIENT_LEFT:
                status = 500
            raise
        finally:
            took = (time.perf_counter() - started) * 1000
            self._write(_line(scope, status, took, identity))


def _identify(scope: HTTPScope) -> bytes:
    """The request's id; afterwards it is the one X-Request-ID among the scope's headers."""
    given = [value for name, value in scope["headers"] if name == _HEADER]
    if len(given) == 1 and _SANE.fullmatch(given[0]):
        return given[0]
    identity = secrets.token_hex(8).encode()
    others = [(name, value) for name, value in scope["headers"] if name != _HEADER]
    scope["headers"] = [*others, (_HEADER, identity)]
    return identity


def _line(scope: HTTPScope, status: int, took: float, identity: bytes) -> str:
    fields = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": scope["method"],
        "path": _SECRET.sub(r"\1…", scope["path"]),
        "status": status,
        "ms": round(took, 1),
        "request_id": identity.decode("ascii"),
    }
    return json.dumps(fields) + "\n"
