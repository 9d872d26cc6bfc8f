"""Callers of a server under test: whole requests, and sockets for those who leave in the middle."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection of its own; a body that is an iterator is sent in chunks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def send(port: int, text: str) -> socket.socket:
    """A connection on which `text` (lines ended by a bare newline) has been sent; the caller closes it."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    sock.sendall(text.replace("\n", "\r\n").encode("latin-1"))
    return sock


def read(sock: socket.socket) -> Answer:
    """The next answer on a connection."""
    response = http.client.HTTPResponse(sock)
    response.begin()
    with response:
        return Answer(response.status, response.headers, response.read())


def read_to_end(sock: socket.socket) -> bytes:
    """Everything up to the server's closing the connection."""
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)


def eventually(holds: Callable[[], object], *, within: float = 5.0) -> None:
    """Wait until `holds()`; AssertionError if it does not."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold in time"
        time.sleep(0.01)
