"""A receiver of webhooks: a real HTTP server on a free port, which keeps what it is sent and answers as it is told."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fact(self) -> Any:
        """Its JSON."""
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """What the documentation tells receivers to check, written independently of the sender."""
        stamp, given = self.headers["X-AgentBoard-Timestamp"], self.headers["X-AgentBoard-Signature"]
        digest = hmac.new(secret.encode(), f"{stamp}.".encode() + self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(given, f"v1={digest}")


Answer = tuple[int, dict[str, str], bytes]


class Receiver:
    """`url` is its address, `received` what came, oldest first; `answer` makes the answer to each."""

    def __init__(self, port: int, scheme: str) -> None:
        self.port = port
        self.url = f"{scheme}://127.0.0.1:{port}/hook"
        self.received: list[Received] = []
        self.answer: Callable[[Received], Answer] = lambda _: (204, {}, b"")

    def names(self) -> list[str]:
        """The ids of the deliveries that came."""
        return [one.headers["X-AgentBoard-Delivery"] for one in self.received]

    def kinds(self) -> list[str]:
        """The kinds of the events that came."""
        return [one.fact["kind"] for one in self.received]

    def says(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Answer so from now on."""
        self.answer = lambda _: (status, headers, body)


@contextlib.contextmanager
def listening(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Listen while the block runs; with a context over TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            one = Received(self.path, dict(self.headers), body)
            receiver.received.append(one)
            status, headers, said = receiver.answer(one)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver = Receiver(server.server_address[1], "https" if context else "http")
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
