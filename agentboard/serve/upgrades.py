"""Offers to upgrade a connection, passed over so that the request behind them is still read whole.

Every JDK client offers `Upgrade: h2c` on its first request. A server may ignore that and answer in HTTP/1.1, but
httptools takes the rest of the request for another protocol, and uvicorn hands the board an empty body.
"""

from __future__ import annotations

from typing import Protocol

import httptools


class Events(Protocol):
    """What a parser tells of the requests it reads."""

    headers: list[tuple[bytes, bytes]]

    def on_message_begin(self) -> None: ...
    def on_url(self, url: bytes) -> None: ...
    def on_header(self, name: bytes, value: bytes) -> None: ...
    def on_headers_complete(self) -> None: ...
    def on_body(self, body: bytes) -> None: ...
    def on_message_complete(self) -> None: ...


class PlainParser:
    """httptools' request parser for a server that speaks nothing but HTTP/1.1.

    `events` is told that a request with an offer is complete twice, the first time before its body is read: it has to
    turn a deaf ear to that while `passing_over`.
    """

    def __init__(self, events: Events) -> None:
        self._events = events
        self._parser = _parser(events)

    @property
    def passing_over(self) -> bool:
        """Whether the request that is being read came with an offer, and what follows its head is still to be read."""
        return self._parser.should_upgrade()

    def feed_data(self, data: bytes) -> None:
        """Read on. Raises httptools.HttpParserError."""
        while True:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = data[offer.args[0] :]
                self._read_as_if_not_offered()
            else:
                return

    def should_upgrade(self) -> bool:
        """Never."""
        return False

    def get_method(self) -> bytes:
        return self._parser.get_method()

    def get_http_version(self) -> str:
        return self._parser.get_http_version()

    def should_keep_alive(self) -> bool:
        return self._parser.should_keep_alive()

    def _read_as_if_not_offered(self) -> None:
        """Go on with a new parser that has just read the same head, as far as it says where the body ends."""
        framing = [h for h in self._events.headers if h[0] in (b"content-length", b"transfer-encoding")]
        self._parser = _parser(_DeafToOneHead(self._events))
        lines = b"".join(b"%s: %s\r\n" % header for header in framing)
        self._parser.feed_data(b"POST / HTTP/1.1\r\n" + lines + b"\r\n")


class _DeafToOneHead:
    """Passes on what a parser tells, but for the first head, which its listener has heard before."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._deaf = True
        self.on_body = events.on_body
        self.on_message_complete = events.on_message_complete

    def on_message_begin(self) -> None:
        if not self._deaf:
            self._events.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if not self._deaf:
            self._events.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._deaf:
            self._events.on_header(name, value)

    def on_headers_complete(self) -> None:
        if not self._deaf:
            self._events.on_headers_complete()
        self._deaf = False


def _parser(events: object) -> httptools.HttpRequestParser:
    parser = httptools.HttpRequestParser(events)
    # As uvicorn sets it: data behind a request that asked to close is ignored, and the request itself answered.
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser
