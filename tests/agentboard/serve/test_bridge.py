"""What the board answers, and how that reaches the caller."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.agentboard.serve import callers

pytestmark = pytest.mark.once


class Pieces:
    """An answer in pieces that remembers whether it was closed."""

    def __init__(self, pieces: Iterable[bytes], *, fails_to_close: bool = False) -> None:
        self._pieces = pieces
        self._fails_to_close = fails_to_close
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    def close(self) -> None:
        self.closed += 1
        if self._fails_to_close:
            raise OSError("cannot close")


def answering(
    pieces: Iterable[bytes], status: str = "200 OK", headers: list[tuple[str, str]] | None = None
) -> Callable[..., Iterable[bytes]]:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, headers or [])
        return pieces

    return app


def test_status_headers_and_body_arrive_as_the_board_gave_them(behind):
    headers = [("Content-Type", "text/x"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Name", "é")]
    answer = callers.ask(behind(answering([b"one", b"", b"two"], "418 I'm a teapot", headers)), "/")

    assert (answer.status, answer.body) == (418, b"onetwo")
    assert answer.headers["Content-Type"] == "text/x"
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert answer.headers["X-Name"] == "é"
    assert answer.headers["Content-Length"] == "6"
    assert "Server" not in answer.headers


def test_a_head_request_gets_the_length_and_no_body(behind):
    port = behind(answering([b"hello"]))
    with callers.send(port, "HEAD / HTTP/1.1\nHost: x\nConnection: close\n\n") as sock:
        head, _, body = callers.read_to_end(sock).partition(b"\r\n\r\n")
    assert b"content-length: 5" in head
    assert body == b""


def test_a_head_request_for_a_long_answer_reads_no_more_of_it_than_needed(behind):
    made = []

    def endless() -> Iterator[bytes]:
        while True:
            made.append(1)
            yield b"x" * 65536

    pieces = Pieces(endless())
    assert callers.ask(behind(answering(pieces)), "/", method="HEAD").status == 200
    assert len(made) < 10
    callers.eventually(lambda: pieces.closed == 1)


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answers_that_have_no_body_by_definition_get_none(behind, status):
    with callers.send(
        behind(answering([b""], status, [("Content-Length", "0")])), "GET / HTTP/1.1\nHost: x\n\n"
    ) as sock:
        sock.sendall(b"GET /again HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers = callers.read_to_end(sock)
    assert answers.count(f"HTTP/1.1 {status}".encode()) == 2
    assert b"content-length" not in answers


def test_a_length_that_is_not_true_is_corrected(behind):
    answer = callers.ask(behind(answering([b"hello"], headers=[("Content-Length", "99")])), "/")

    assert (answer.headers["Content-Length"], answer.body) == ("5", b"hello")


def test_a_long_answer_is_sent_while_it_is_made(behind):
    half_read = threading.Event()

    def long() -> Iterator[bytes]:
        for _ in range(10):
            yield b"x" * 65536
        assert half_read.wait(5)
        yield b"the end"

    pieces = Pieces(long())
    with callers.send(behind(answering(pieces)), "GET / HTTP/1.1\nHost: x\nConnection: close\n\n") as sock:
        received = 0
        while received < 8 * 65536:
            received += len(sock.recv(65536))
        half_read.set()
        assert b"the end" in callers.read_to_end(sock)
    callers.eventually(lambda: pieces.closed == 1)


def test_an_answer_that_fails_half_way_is_cut_off_and_not_finished(behind, caplog):
    def long() -> Iterator[bytes]:
        for _ in range(10):
            yield b"x" * 65536
        raise LookupError("the second half is missing")

    pieces = Pieces(long())
    with callers.send(behind(answering(pieces)), "GET / HTTP/1.1\nHost: x\n\n") as sock:
        received = callers.read_to_end(sock)
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert not received.endswith(b"0\r\n\r\n")
    callers.eventually(lambda: pieces.closed == 1)
    callers.eventually(lambda: "the second half is missing" in caplog.text)


def raising(error: BaseException) -> Callable[..., Iterable[bytes]]:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise error

    return app


def failing_late(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    yield b"the first piece"
    raise LookupError("nothing more")


def silent(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return [b"no status"]


@pytest.mark.parametrize(
    "app",
    [
        raising(LookupError("gone")),
        raising(SystemExit(3)),
        failing_late,
        silent,
        answering([b""], headers=[("X-Name", "\u2713")]),
    ],
    ids=["at once", "by leaving", "late", "no status", "header"],
)
def test_a_board_that_fails_is_logged_and_answered_500(behind, caplog, app):
    port = behind(app)
    for _ in range(2):
        answer = callers.ask(port, "/tasks/T-1")
        assert answer.status == 500
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert set(answer.json) == {"type", "title", "status", "code", "detail", "fix"}
        assert answer.json["code"] == "internal"
    callers.eventually(lambda: "GET /tasks/T-1 failed" in caplog.text)


def test_a_failure_shows_the_caller_nothing_of_its_cause(behind):
    assert b"s3cret" not in callers.ask(behind(raising(LookupError("s3cret"))), "/").body


def test_an_answer_is_closed_when_it_fails_and_when_it_does_not(behind):
    def failing() -> Iterator[bytes]:
        yield b"one"
        raise LookupError("two")

    for pieces in (Pieces([b"one"]), Pieces(failing())):
        callers.ask(behind(answering(pieces)), "/")
        callers.eventually(lambda pieces=pieces: pieces.closed == 1)


def test_an_answer_that_cannot_be_closed_is_sent_all_the_same(behind, caplog):
    answer = callers.ask(behind(answering(Pieces([b"hello"], fails_to_close=True))), "/")

    assert (answer.status, answer.body) == (200, b"hello")
    callers.eventually(lambda: "cannot close" in caplog.text)


def test_an_application_may_think_again_before_anything_is_sent(behind):
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        write = start_response("200 OK", [("X-First", "yes")])
        try:
            raise LookupError
        except LookupError as error:
            start_response("503 Later", [("X-Second", "yes")], (LookupError, error, error.__traceback__))
        write(b"old ")
        return [b"way"]

    answer = callers.ask(behind(app), "/")

    assert (answer.status, answer.body) == (503, b"old way")
    assert ("X-First" in answer.headers, "X-Second" in answer.headers) == (False, True)


def test_eight_requests_run_at_once_and_a_ninth_waits_its_turn(behind):
    running: list[str] = []
    most = []
    lock = threading.Lock()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with lock:
            running.append(threading.current_thread().name)
            most.append(len(running))
        time.sleep(0.2)
        with lock:
            running.remove(threading.current_thread().name)
        start_response("200 OK", [])
        return [threading.current_thread().name.encode()]

    port = behind(app)
    with ThreadPoolExecutor(12) as pool:
        names = {answer.body for answer in pool.map(lambda _: callers.ask(port, "/"), range(12))}
    assert max(most) == 8
    assert names == {f"board_{number}".encode() for number in range(8)}
