"""uvicorn's HTTP protocol as the board needs it: heads of bounded size, refusals in its own words, no upgrades."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from agentboard.serve import answers
from agentboard.serve.answers import Answer
from agentboard.serve.upgrades import PlainParser

# The parser itself takes heads of any size, and keeps all of them in memory.
MAX_HEAD = 32 * 1024

_TOO_LARGE = answers.problem(
    431,
    "too_large",
    title="Head too large",
    detail=f"The address and headers of the request are larger than the {MAX_HEAD} bytes that are taken.",
    fix="Send long text in the body of a POST, and fewer headers.",
)
_UNREADABLE = answers.problem(
    400,
    "bad_request",
    title="Not understood",
    detail="What arrived is not an HTTP request.",
    fix="Send HTTP/1.1 with an address that is percent-encoded; TLS is not spoken here.",
)


class _HeadTooLarge(Exception):
    pass


class HttpProtocol(HttpToolsProtocol):
    """One connection. Takes at most MAX_HEAD bytes (and one read) of address and headers per request."""

    _in_head = False
    _fed = 0
    _refusal = _UNREADABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plain_parser = PlainParser(self)
        self.parser = self._plain_parser  # type: ignore[assignment]  # stands in for the parser it wraps

    def data_received(self, data: bytes) -> None:
        continues = self._in_head
        super().data_received(data)
        if continues and self._in_head:
            self._fed += len(data)
            if self._fed > MAX_HEAD and not self.transport.is_closing():
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        self._in_head = True
        self._fed = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD:
            self._refusal = _TOO_LARGE
            raise _HeadTooLarge
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self._plain_parser.passing_over:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal)

    def _refuse(self, refusal: Answer) -> None:
        headers = [*self.server_state.default_headers, *refusal.headers, (b"connection", b"close")]
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        self.transport.write(STATUS_LINE[refusal.status] + lines + b"\r\n" + refusal.body)
        self.transport.close()
