"""Bodies: whole or not at all, and at most 1 MiB."""

import time
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from agentboard.serve import bodies
from tests.agentboard.serve import callers

pytestmark = pytest.mark.once

MIB = 1024 * 1024


class Counter:
    """Answers with the size of the body, and keeps count of its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.calls += 1
        start_response("200 OK", [])
        return [str(len(environ["wsgi.input"].read())).encode()]


@pytest.fixture
def board() -> Counter:
    return Counter()


@pytest.fixture
def port(behind: Callable[..., int], board: Counter) -> int:
    return behind(board)


def chunks(size: int) -> Iterator[bytes]:
    for at in range(0, size, 65536):
        yield b"x" * min(65536, size - at)


def assert_refused(answer: callers.Answer) -> None:
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Connection"] == "close"
    assert set(answer.json) == {"type", "title", "status", "code", "detail", "fix"}
    assert (answer.json["status"], answer.json["code"]) == (413, "too_large")


def test_a_body_of_one_mib_arrives_whole(port):
    assert callers.ask(port, "/", method="POST", body=b"x" * MIB).body == b"1048576"
    assert callers.ask(port, "/", method="POST", body=chunks(MIB)).body == b"1048576"


def test_a_body_announced_as_larger_is_refused_before_it_is_sent(port, board):
    with callers.send(port, f"POST / HTTP/1.1\nHost: x\nContent-Length: {MIB + 1}\n\n") as sock:
        assert_refused(callers.read(sock))
    assert board.calls == 0


def test_a_caller_that_asks_first_is_refused_and_not_told_to_continue(port):
    head = f"POST / HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: {MIB + 1}\n\n"
    with callers.send(port, head) as sock:
        assert sock.recv(12) == b"HTTP/1.1 413"


def test_a_caller_that_asks_first_is_told_to_continue_with_a_body_that_fits(port):
    head = "POST / HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 5\n\n"
    with callers.send(port, head) as sock:
        assert sock.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"hello")
        assert callers.read(sock).body == b"5"


def test_a_chunked_body_is_refused_as_soon_as_it_is_too_large(port, board):
    with callers.send(port, "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n") as sock:
        sock.sendall(b"%x\r\n" % (8 * MIB) + b"x" * (MIB + 1))
        assert_refused(callers.read(sock))
    assert board.calls == 0


@pytest.mark.parametrize("body", [b"x" * (20 * MIB), chunks(20 * MIB)], ids=["announced", "chunked"])
def test_a_caller_that_sends_everything_before_it_listens_still_reads_the_refusal(port, body):
    assert_refused(callers.ask(port, "/", method="POST", body=body))


def test_the_connection_ends_when_a_refused_caller_has_sent_all_or_sends_nothing_more(port, monkeypatch):
    monkeypatch.setattr(bodies, "DRAIN_SECONDS", 0.2)
    head = f"POST / HTTP/1.1\nHost: x\nContent-Length: {2 * MIB}\n\n"
    with callers.send(port, head) as silent, callers.send(port, head) as thorough:
        thorough.sendall(b"x" * 2 * MIB)
        for sock in (silent, thorough):
            assert callers.read(sock).status == 413
            assert sock.recv(1) == b""


def test_a_caller_that_leaves_in_the_middle_of_its_body_is_dropped(port, board):
    callers.send(port, "POST / HTTP/1.1\nHost: x\nContent-Length: 100\n\nhalf of it").close()
    callers.send(port, "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n5\nhello\n").close()
    time.sleep(0.1)

    assert callers.ask(port, "/").status == 200
    assert board.calls == 1
