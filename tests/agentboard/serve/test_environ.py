"""What the board is told about a request."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from asgiref.typing import HTTPScope

from agentboard.serve import environ
from tests.agentboard.serve import callers

pytestmark = pytest.mark.once


def mirror(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answers with its environ, and the body it could read."""
    seen = {key: value for key, value in environ.items() if isinstance(value, str | bool | list | tuple)}
    seen["body"] = environ["wsgi.input"].read().decode("latin-1")
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]


@pytest.fixture
def port(behind: Callable[..., int]) -> int:
    return behind(mirror)


def told(port: int, request: str) -> dict[str, Any]:
    with callers.send(port, request) as sock:
        return callers.read(sock).json


def test_a_request_arrives_as_pep_3333_has_it(port):
    seen = told(
        port, "GET /tasks/next?agent=ada&label=a%20b HTTP/1.1\nHost: board.example:81\nAccept: */*\n\n"
    )

    assert seen["REQUEST_METHOD"] == "GET"
    assert seen["SCRIPT_NAME"] == ""
    assert seen["PATH_INFO"] == "/tasks/next"
    assert seen["QUERY_STRING"] == "agent=ada&label=a%20b"
    assert seen["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("127.0.0.1", str(port))
    assert seen["REMOTE_ADDR"] == "127.0.0.1"
    assert seen["wsgi.url_scheme"] == "http"
    assert seen["HTTP_HOST"] == "board.example:81"
    assert seen["HTTP_ACCEPT"] == "*/*"
    assert "CONTENT_LENGTH" not in seen
    assert seen["body"] == ""


def test_a_path_keeps_every_byte_it_was_sent_with(port):
    seen = told(port, "GET /a%20b/%C3%A9/%ff%00 HTTP/1.1\nHost: x\n\n")

    assert seen["PATH_INFO"].encode("latin-1") == b"/a b/\xc3\xa9/\xff\x00"


def test_duplicate_headers_are_joined_and_cookies_in_their_own_way(port):
    seen = told(
        port,
        "GET / HTTP/1.1\nHost: x\nAccept: a/b\nAccept: c/d\nCookie: one=1\nCookie: two=2\nX-Name: \xe9\n\n",
    )

    assert seen["HTTP_ACCEPT"] == "a/b,c/d"
    assert seen["HTTP_COOKIE"] == "one=1; two=2"
    assert seen["HTTP_X_NAME"] == "é"


def test_a_header_with_an_underscore_cannot_pose_as_one_with_a_hyphen(port):
    seen = told(port, "GET / HTTP/1.1\nHost: x\nX_Agent: olga\nContent_Length: 7\nREMOTE_ADDR: 10.0.0.1\n\n")

    assert "HTTP_X_AGENT" not in seen
    assert "CONTENT_LENGTH" not in seen
    assert seen["REMOTE_ADDR"] == "127.0.0.1"


def test_a_header_cannot_set_what_the_server_tells_the_board(port):
    seen = told(
        port,
        "GET / HTTP/1.1\nHost: x\nagentboard.retry: True\nagentboard.last: True\nwsgi.url_scheme: https\n\n",
    )

    assert "agentboard.retry" not in seen
    assert "agentboard.last" not in seen
    assert seen["wsgi.url_scheme"] == "http"


def test_forwarded_headers_are_not_believed(port):
    seen = told(port, "GET / HTTP/1.1\nHost: x\nX-Forwarded-For: 10.0.0.1\nX-Forwarded-Proto: https\n\n")

    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("127.0.0.1", "http")


def test_a_body_arrives_with_its_length_and_type(port):
    seen = told(port, "POST / HTTP/1.1\nHost: x\nContent-Type: text/x\nContent-Length: 5\n\nhello")

    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"], seen["body"]) == ("text/x", "5", "hello")
    assert "HTTP_CONTENT_LENGTH" not in seen


def test_a_chunked_body_arrives_whole_and_counted(port):
    seen = told(port, "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n5\nhello\n6\n there\n0\n\n")

    assert (seen["CONTENT_LENGTH"], seen["body"]) == ("11", "hello there")
    assert "HTTP_TRANSFER_ENCODING" not in seen


def test_a_board_below_another_path_is_told_which_part_is_its_own():
    scope: HTTPScope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/boards/é/tasks",
        "raw_path": b"/boards/%C3%A9/tasks",
        "query_string": b"",
        "root_path": "/boards/é",
        "headers": [],
        "client": None,
        "server": None,
        "extensions": None,
    }
    told = environ.build(scope, b"")

    assert told["SCRIPT_NAME"].encode("latin-1").decode() == "/boards/é"
    assert told["PATH_INFO"] == "/tasks"
