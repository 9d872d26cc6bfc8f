"""Callers of the API over raw sockets: the load must cost little, since it shares the machine with what it measures."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from typing import Any

from tests.benchmarks import crowd


def main() -> None:
    """Standard input: the port, each caller's requests (method, path, body or null), what every answer must hold."""
    order = json.load(sys.stdin)
    expected = order["expected"].encode()
    requests = [[_request(*one) for one in mine] for mine in order["requests"]]
    crowd.answer(lambda: _connect(order["port"], expected), requests)


def answer(connection: socket.socket) -> bytes:
    """The next answer on the connection, whole; every answer of the board says its length."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _some(connection)
    head = received[:end].lower()
    at = head.index(b"content-length:") + len(b"content-length:")
    length = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
    while len(received) < length:
        received += _some(connection)
    return received


def _connect(port: int, expected: bytes) -> Callable[[Any], None]:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(request: bytes) -> None:
        connection.sendall(request)
        answered = answer(connection)
        if expected not in answered:
            raise RuntimeError(f"{request!r} was answered {answered[:2000]!r}")

    return call


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("the server closed the connection")
    return data


def _request(method: str, path: str, body: object) -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if body is None:
        return f"{head}\r\n".encode()
    payload = json.dumps(body).encode()
    head += f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
    return head.encode() + payload


if __name__ == "__main__":
    main()
