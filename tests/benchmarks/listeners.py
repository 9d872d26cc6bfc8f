"""Readers of the event stream: what a thousand of them cost, and how soon a hundred have an event after it was sent."""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import time
import urllib.request
from collections.abc import Iterator

from tests.benchmarks import waiters, web
from tests.benchmarks.waiters import Cost
from tests.real_server import RealServer

IDLE = 1000
LISTENERS = 100
EVENTS = 60
PATIENCE = 10
# Between two events, so that they meet the feed at any moment of its round.
PAUSES = (0.013, 0.037, 0.071, 0.101, 0.129)


def measure(server: RealServer) -> tuple[Cost, Cost, list[float]]:
    """The cost with nobody listening and with IDLE listeners; the milliseconds from sending each of EVENTS comments (it
    is committed a few milliseconds later) until each of LISTENERS has its event."""
    waiters.allow_many_sockets()
    _comment(server, 0)
    with _listening(server, 1):
        time.sleep(1)
    before = waiters.cost(server)
    with _listening(server, IDLE):
        time.sleep(waiters.SETTLED_AFTER)
        during = waiters.cost(server)
    with _listening(server, LISTENERS) as selector:
        took = [one for n in range(1, EVENTS + 1) for one in _told(server, selector, n)]
    return before, during, took


@contextlib.contextmanager
def _listening(server: RealServer, count: int) -> Iterator[selectors.BaseSelector]:
    """Readers of the stream who have been given its beginning, which says where they are."""
    with contextlib.ExitStack() as lasting:
        selector = lasting.enter_context(selectors.DefaultSelector())
        for _ in range(count):
            reader = lasting.enter_context(socket.create_connection(("127.0.0.1", web.port(server))))
            reader.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            received = b""
            while b"\nid: " not in received:
                received += reader.recv(4096)
            selector.register(reader, selectors.EVENT_READ)
        yield selector


def _told(server: RealServer, selector: selectors.BaseSelector, number: int) -> list[float]:
    time.sleep(PAUSES[number % len(PAUSES)])
    began = time.perf_counter()
    _comment(server, number)
    took: dict[int, float] = {}
    while len(took) < LISTENERS:
        ready = selector.select(PATIENCE)
        if not ready:
            raise RuntimeError(f"{LISTENERS - len(took)} listeners were told nothing within {PATIENCE} s")
        for key, _ in ready:
            assert isinstance(key.fileobj, socket.socket)
            if b"data: {" in key.fileobj.recv(65536):
                took[key.fd] = (time.perf_counter() - began) * 1000
    return list(took.values())


def _comment(server: RealServer, number: int) -> None:
    body = json.dumps({"agent": "olga", "text": f"word {number}"}).encode()
    request = urllib.request.Request(f"{server.url}/tasks/T-1/comments", body, method="POST")
    with urllib.request.urlopen(request) as answer:
        answer.read()
