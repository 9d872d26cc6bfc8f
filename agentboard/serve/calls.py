"""One call of a WSGI application: environ in, answer out. Runs on a pool thread, touches no event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from types import TracebackType
from wsgiref.types import WSGIApplication, WSGIEnvironment

from asgiref.typing import ASGISendEvent

from agentboard.serve import answers
from agentboard.serve.answers import Answer, Headers

# Bodies made of several pieces are joined up to this size and sent piece by piece above it.
JOINED_UP_TO = 256 * 1024
PARK_HEADER = b"x-agentboard-park"
STREAM_HEADER = b"x-agentboard-stream"

logger = logging.getLogger(__name__)

Forward = Callable[[ASGISendEvent], None]
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class CutShort(Exception):
    """The application failed after part of its answer had been sent; only closing the connection can say so."""


def call(app: WSGIApplication, environ: WSGIEnvironment, forward: Forward) -> Answer | None:
    """The application's answer, or None if it was so long that it went out through `forward` as it was made.

    Closes what the application returns, whatever happens. Raises what the application raises, or CutShort from it.
    """
    head = _Head()
    pieces = app(environ, head)
    try:
        return _collect(head, iter(pieces), environ["REQUEST_METHOD"], forward)
    finally:
        _close(pieces)


class _Head:
    """The `start_response` of one call: keeps status and headers until the body shows how to send them."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: Headers = []
        self.park: str | None = None
        self.stream: str | None = None
        self.written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: _ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        if self.status is not None and exc_info is None:
            raise RuntimeError("start_response was called twice without exc_info")
        self.status = int(status.split(" ", 1)[0])
        self.headers, self.park, self.stream = [], None, None
        for name, value in headers:
            self._add(name.lower().encode("latin-1"), value)
        return self.written.append

    def _add(self, name: bytes, value: str) -> None:
        if name == PARK_HEADER:
            self.park = value
        elif name == STREAM_HEADER:
            self.stream = value
        else:
            self.headers.append((name, value.encode("latin-1")))


def _collect(head: _Head, pieces: Iterator[bytes], method: str, forward: Forward) -> Answer | None:
    joined: list[bytes] = []
    size = 0
    for piece in pieces:
        if size and size + len(piece) > JOINED_UP_TO:
            if method != "HEAD":
                _stream(head, [*head.written, *joined, piece], pieces, forward)
                return None
            joined.clear()
            break
        joined.append(piece)
        size += len(piece)
    if head.status is None:
        raise RuntimeError("the application returned without calling start_response")
    body = b"".join([*head.written, *joined])
    return _fit(Answer(head.status, head.headers, body, head.park, head.stream), method)


def _stream(head: _Head, begun: list[bytes], rest: Iterator[bytes], forward: Forward) -> None:
    if head.status is None:
        raise RuntimeError("the application sent a body before calling start_response")
    try:
        forward(answers.start(head.status, head.headers))
        forward(answers.part(b"".join(begun), more=True))
        for piece in rest:
            forward(answers.part(piece, more=True))
        forward(answers.part(b"", more=False))
    except BaseException as failure:
        raise CutShort from failure


def _close(pieces: object) -> None:
    # The answer is made by now, so a failure to tidy up is no reason to withhold it.
    try:
        if close := getattr(pieces, "close", None):
            close()
    except Exception:
        logger.exception("Closing an answer failed")


def _fit(answer: Answer, method: str) -> Answer:
    """The answer with a length that is true, and without the body where HTTP allows none."""
    status, headers, body = answer[:3]
    length = [(name, value) for name, value in headers if name == b"content-length"]
    others = [(name, value) for name, value in headers if name != b"content-length"]
    if status < 200 or status in (204, 304):
        return answer._replace(headers=others, body=b"")
    if method == "HEAD":
        known = length or ([(b"content-length", b"%d" % len(body))] if body else [])
        return answer._replace(headers=[*others, *known], body=b"", stream=None)
    return answer._replace(headers=[*others, (b"content-length", b"%d" % len(body))])
