"""Requests that are odd, too large or no requests at all, on the wire."""

import collections
import itertools
import json
import re
import time
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from agentboard.serve import protocol
from tests.agentboard.serve import callers

pytestmark = pytest.mark.once

H2C = "Connection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQAAP__\n"


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
    return [environ["wsgi.input"].read()]


@pytest.fixture
def port(behind: Callable[..., int]) -> int:
    return behind(echo)


@pytest.mark.parametrize(
    "framed",
    ["Content-Length: 5\n\nhello", "Transfer-Encoding: chunked\n\n2\nhe\n3\nllo\n0\n\n"],
    ids=["counted", "chunked"],
)
def test_an_offer_to_speak_http_2_is_passed_over_and_the_connection_goes_on(port, framed):
    request = f"POST /first HTTP/1.1\nHost: x\n{H2C}{framed}"
    with callers.send(port, request) as sock:
        assert callers.read(sock).body == b"hello"
        sock.sendall(request.replace("first", "second").replace("\n", "\r\n").encode())
        assert callers.read(sock).headers["X-Path"] == "/second"
        sock.sendall(b"GET /third HTTP/1.1\r\nHost: x\r\n\r\n")
        assert callers.read(sock).headers["X-Path"] == "/third"


def test_an_offer_to_speak_http_2_is_passed_over_when_the_body_comes_later(port):
    with callers.send(port, f"POST / HTTP/1.1\nHost: x\n{H2C}Content-Length: 5\n\n") as sock:
        for half in (b"hel", b"lo"):
            time.sleep(0.1)
            sock.sendall(half)
        assert callers.read(sock).body == b"hello"


def test_an_offer_to_speak_http_2_without_a_body_is_passed_over(port):
    with callers.send(port, f"GET /it HTTP/1.1\nHost: x\n{H2C}\n") as sock:
        assert callers.read(sock).headers["X-Path"] == "/it"


@pytest.mark.parametrize(
    "garbage",
    [
        "hello, is this the board?\n\n",
        "GET /a b HTTP/1.1\nHost: x\n\n",
        "POST / HTTP/1.1\nHost: x\nContent-Length: -1\n\n",
        "POST / HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 2\n\nab",
        "POST / HTTP/1.1\nHost: x\nContent-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n",
        "CONNECT x:1 HTTP/1.1\nHost: x\n\n",
    ],
)
def test_what_is_no_request_is_answered_400_and_the_connection_closed(port, garbage):
    with callers.send(port, garbage) as sock:
        answer = callers.read(sock)
        assert answer.status == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["code"] == "bad_request"
        assert sock.recv(1) == b""


@pytest.mark.parametrize(
    "head",
    [
        "GET /{long} HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\nHost: x\nX-Long: {long}\n\n",
        "GET / HTTP/1.1\nHost: x\n{many}\n",
    ],
    ids=["address", "header", "headers"],
)
def test_a_head_above_32_kib_is_answered_431_and_the_connection_closed(port, head):
    many = "".join(f"X-{number}: {'x' * 100}\n" for number in range(330))
    with callers.send(port, "GET / HTTP/1.1\nHost: x\n") as sock:
        sock.sendall(b"\r\n")
        callers.read(sock)
        text = head.format(long="x" * protocol.MAX_HEAD, many=many).replace("\n", "\r\n").encode()
        for at in range(0, len(text), 10_000):
            sock.sendall(text[at : at + 10_000])
        answer = callers.read(sock)
    assert answer.status == 431
    assert answer.json["code"] == "too_large"


def test_a_head_without_an_end_is_not_read_for_ever(port):
    endless = iter(lambda: b"x" * 4096, None)
    with callers.send(port, "GET / HTTP/1.1\nHost: x\nX-Long: ") as sock, pytest.raises(ConnectionError):
        collections.deque(map(sock.sendall, itertools.islice(endless, 4096)), maxlen=0)


def test_a_head_of_almost_32_kib_is_read(port):
    answer = callers.ask(port, "/", headers={"X-Long": "x" * (protocol.MAX_HEAD - 200)})

    assert answer.status == 200


def test_bodies_do_not_count_as_heads_on_a_connection_that_is_used_again(port):
    body = "x" * (protocol.MAX_HEAD * 2)
    with callers.send(port, f"POST / HTTP/1.1\nHost: x\nContent-Length: {len(body)}\n\n{body}") as sock:
        assert len(callers.read(sock).body) == len(body)
        sock.sendall(b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
        assert callers.read(sock).headers["X-Path"] == "/next"


def test_requests_sent_ahead_are_answered_in_turn(port):
    ahead = "".join(f"GET /{number} HTTP/1.1\nHost: x\n\n" for number in range(3))
    with callers.send(port, ahead + "GET /last HTTP/1.1\nHost: x\nConnection: close\n\n") as sock:
        answers = callers.read_to_end(sock)
    assert re.findall(rb"x-path: (\S+)", answers) == [b"/0", b"/1", b"/2", b"/last"]


def test_refusals_name_their_fields_as_the_contract_has_them(port):
    with callers.send(port, "nonsense\n\n") as sock:
        fields = json.loads(callers.read(sock).body)
    assert set(fields) == {"type", "title", "status", "code", "detail", "fix"}
    assert fields["status"] == 400
