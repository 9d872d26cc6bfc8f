"""Callers that wait: what a thousand of them cost, and how soon one is woken when a task becomes ready."""

from __future__ import annotations

import contextlib
import json
import resource
import selectors
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.benchmarks import claims, filling, load, web
from tests.real_server import RealServer

WAITERS = 1000
WAKES = 60
IDLE_SECONDS = 4.0
SETTLED_AFTER = 5.0  # seconds: each of the thousand has asked once by then
PATIENCE = 10


@dataclass(frozen=True)
class Cost:
    """Of the web process: threads, resident megabytes, and the share of one CPU it takes while nothing happens."""

    threads: int
    megabytes: float
    cpu: float


def measure(url: str, server: RealServer) -> tuple[Cost, Cost, list[float]]:
    """The cost with nobody waiting and with WAITERS, and the milliseconds from sending each of WAKES new tasks until a
    waiting caller has its answer. The board must have nothing ready."""
    allow_many_sockets()
    names = [f"waiter-{n}" for n in range(WAITERS)]
    filling.add_agents(url, names, now=datetime.now(UTC), wip_limit=1)
    _create(server)
    before = cost(server)
    with contextlib.ExitStack() as lasting:
        selector = lasting.enter_context(selectors.DefaultSelector())
        for name in names:
            selector.register(lasting.enter_context(_waiting(server, name)), selectors.EVENT_READ)
        time.sleep(SETTLED_AFTER)
        # The task that was there, and whoever got it.
        for key, _ in selector.select(0):
            selector.unregister(key.fileobj)
        during = cost(server)
        return before, during, [_wake(server, selector) for _ in range(WAKES)]


def cost(server: RealServer) -> Cost:
    """What it costs now, watched for IDLE_SECONDS."""
    used, begun = web.cpu_seconds(server), time.monotonic()
    time.sleep(IDLE_SECONDS)
    share = (web.cpu_seconds(server) - used) / (time.monotonic() - begun)
    return Cost(web.threads(server), web.memory(server)[0], share)


@contextlib.contextmanager
def _waiting(server: RealServer, name: str) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", web.port(server))) as caller:
        caller.sendall(f"GET /tasks/next?agent={name}&wait=45 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        yield caller


def _wake(server: RealServer, selector: selectors.BaseSelector) -> float:
    sent = time.perf_counter()
    _create(server)
    woken = selector.select(PATIENCE)
    took = (time.perf_counter() - sent) * 1000
    if not woken:
        raise RuntimeError(f"nobody was woken within {PATIENCE} s")
    for key, _ in woken:
        assert isinstance(key.fileobj, socket.socket)
        if claims.GIVEN.encode() not in load.answer(key.fileobj):
            raise RuntimeError("a caller was answered and given nothing")
        selector.unregister(key.fileobj)
    return took


def _create(server: RealServer) -> None:
    body = json.dumps({"agent": "olga", "title": "Hang the door", "done_criteria": ["It opens"]}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{server.url}/tasks", body, method="POST")) as answer:
        answer.read()


def allow_many_sockets() -> None:
    """Let this process open as many as a measurement takes."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WAITERS * 4
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )
