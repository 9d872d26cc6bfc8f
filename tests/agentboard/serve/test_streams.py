"""Answers that stay open."""

import contextlib
import functools
import threading
import time
from collections.abc import Iterable
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from agentboard.serve import bridge, feed, listener, streams
from agentboard.serve.feed import Frame, Seen, Source
from tests.agentboard.serve import callers
from tests.agentboard.serve.listeners import Reader

pytestmark = pytest.mark.once


class Log:
    """A board whose `/log?since=N` answers with what is written after N, PAGE entries at a time, and goes on."""

    page = 3

    def __init__(self) -> None:
        self.written: list[Frame] = []
        self.looks: list[int] = []
        self.pages: list[int] = []
        self.failing = False
        self.refusing = False
        self.idle = threading.Event()

    def write(self, *words: str, tag: str = "kind:a") -> None:
        for word in words:
            place = len(self.written) + 1
            self.written.append(Frame(place, (tag, "by:ada"), f"id: {place}\ndata: {word}\n\n".encode()))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = {name: values[-1] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        after = environ.get("agentboard.after")
        since = int(asked.get("since", len(self.written))) if after is None else after
        if self.refusing:
            start_response("503 Unavailable", [("Content-Type", "text/plain")])
            return [b"no"]
        self.pages.append(since)
        found = self.written[since : since + self.page]
        order = ";".join([str(since + len(found)), *asked.get("tags", "").split()])
        wanted = [
            frame for frame in found if set(frame.tags) & set(asked.get("tags", "kind:a kind:b").split())
        ]
        headers = [("Content-Type", "text/event-stream"), ("X-Agentboard-Stream", asked.get("order", order))]
        start_response("200 OK", headers)
        return [(b"" if after else b"retry: 2000\n") + b"".join(frame.data for frame in wanted)]

    def look(self, place: int) -> Seen:
        self.looks.append(place)
        if self.failing:
            raise ConnectionError("the database is away")
        found = self.written[place : place + 100]
        return Seen(found, more=place + 100 < len(self.written))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "EVERY_SECONDS", 0.02)
    monkeypatch.setattr(streams, "LINGER_SECONDS", 0.1)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def serving(serve, log):
    return serve(log, news=Source(log.look, on_idle=log.idle.set), max_listeners=50)


@pytest.fixture
def port(serving) -> int:
    return serving.port


def test_a_stream_begins_with_what_the_board_says_and_goes_on_with_what_comes(port, log):
    log.write("one", "two")
    with Reader(port, "/log?since=0") as reader:
        assert "content-type: text/event-stream" in reader.head
        assert "content-length" not in reader.head
        assert "x-agentboard" not in reader.head
        assert reader.data(2) == ["one", "two"]
        log.write("three")
        assert reader.data(3) == ["one", "two", "three"]
        log.write("four")
        assert reader.data(4)[-1] == "four"
        assert reader.body.startswith(b"retry: 2000\nid: 1\ndata: one\n\n")


def test_one_who_is_far_behind_gets_page_after_page_and_nothing_twice(port, log):
    with Reader(port, "/log") as first:
        first.more()
        expected = [str(n) for n in range(2000)]
        log.write(*expected)
        assert first.data(2000) == expected
        with Reader(port, "/log?since=0") as late:
            assert late.data(2000) == expected
            log.write("end")
            assert (late.data(2001)[-1], first.data(2001)[-1]) == ("end", "end")
            assert len(late.data(2001)) == 2001
    assert log.pages[1:4] == [0, 3, 6], "what the feed no longer remembers comes from the board"


def test_each_hears_what_it_wants(port, log):
    with (
        Reader(port, "/log?tags=kind:a") as a,
        Reader(port, "/log?tags=kind:b") as b,
        Reader(port, "/log") as all_,
    ):
        log.write("1", "2", tag="kind:a")
        log.write("3", tag="kind:b")
        log.write("4", tag="kind:a")
        assert all_.data(4) == ["1", "2", "3", "4"]
        assert a.data(3) == ["1", "2", "4"]
        assert b.data(1) == ["3"]


def test_wants_hold_together_and_each_may_be_one_of_several():
    async def send(event):
        raise AssertionError

    frame = Frame(1, ("kind:a", "by:ada"), b"x")
    for wants, heard in [
        ([{"kind:a"}, {"by:ada"}], True),
        ([{"kind:a"}, {"by:bob"}], False),
        ([{"kind:b", "kind:a"}], True),
        ([], True),
    ]:
        one = listener.Listener(0, map(frozenset, wants), send)
        one.offer([frame], frame.data)
        assert (bool(one._pending), one.place) == (heard, 1)


def test_one_look_serves_all_and_nobody_looks_when_nobody_listens(port, log):
    assert log.looks == []
    with Reader(port, "/log") as first, Reader(port, "/log") as second:
        log.write("x")
        assert first.data(1) == second.data(1) == ["x"]
        assert sum(thread.name == "board-feed" for thread in threading.enumerate()) == 1
    callers.eventually(log.idle.is_set)
    looks = len(log.looks)
    time.sleep(0.1)
    assert len(log.looks) == looks
    log.write("unheard")
    with Reader(port, "/log?since=1") as again:
        assert again.data(1) == ["unheard"]
        log.write("heard")
        assert again.data(2) == ["unheard", "heard"]


def test_listeners_cost_no_threads(serve, log):
    port = serve(log, news=Source(log.look, on_idle=log.idle.set), max_listeners=200).port
    with contextlib.ExitStack() as stack:
        stack.enter_context(Reader(port, "/log")).more()
        before = threading.active_count()
        readers = [stack.enter_context(Reader(port, "/log")) for _ in range(150)]
        log.write("x")
        assert all(reader.data(1) == ["x"] for reader in readers)
        assert threading.active_count() <= before + bridge.THREADS


def test_told_to_stop_the_server_ends_the_streams_and_is_gone_soon(serving, log):
    readers = [Reader(serving.port, "/log") for _ in range(20)]
    began = time.monotonic()
    serving.stop()
    assert time.monotonic() - began < 3
    for reader in readers:
        assert reader.rest() == b"retry: 2000\n"
        reader.close()


def test_one_too_many_gets_the_beginning_and_comes_again(serve, log):
    port = serve(log, news=Source(log.look, on_idle=log.idle.set), max_listeners=1).port
    log.write("one")
    with Reader(port, "/log") as first:
        turned_away = callers.ask(port, "/log?since=0")
        assert turned_away.body == b"retry: 2000\nid: 1\ndata: one\n\n"
        assert "X-Agentboard-Stream" not in turned_away.headers
        log.write("two")
        assert first.data(1) == ["two"]


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_without_a_feed_and_for_head_the_answer_ends(serve, log, method):
    news = Source(log.look, on_idle=log.idle.set) if method == "HEAD" else None
    answer = callers.ask(serve(log, news=news).port, "/log", method=method)
    assert (answer.status, answer.body) == (200, b"" if method == "HEAD" else b"retry: 2000\n")
    assert "X-Agentboard-Stream" not in answer.headers


def test_an_order_that_is_none_is_an_ordinary_answer(port, log, caplog):
    assert callers.ask(port, "/log?order=soon").body == b"retry: 2000\n"
    assert "which is not PLACE;TAGS" in caplog.text


def test_a_silent_stream_shows_that_it_lives(port, log, monkeypatch):
    monkeypatch.setattr(listener, "HEARTBEAT_SECONDS", 0.05)
    with Reader(port, "/log") as reader:
        while reader.body.count(b":\n") < 3:
            reader.more()
        log.write("x")
        assert reader.data(1) == ["x"]


def test_what_happens_while_the_board_is_away_is_told_when_it_is_back(port, log, caplog, monkeypatch):
    monkeypatch.setattr(feed, "MAX_DOUBLINGS", 1)
    with Reader(port, "/log") as reader:
        log.write("before")
        assert reader.data(1) == ["before"]
        log.failing = True
        log.write("meanwhile")
        looks = len(log.looks)
        callers.eventually(lambda: len(log.looks) > looks + 3)
        assert log.idle.is_set(), "a connection that broke is closed"
        log.failing = False
        assert reader.data(2) == ["before", "meanwhile"]
    assert caplog.text.count("Cannot find out what is new") == 1


def test_one_who_catches_up_while_the_board_refuses_is_sent_away_to_come_again(port, log):
    with Reader(port, "/log") as first:
        first.more()
        log.write(*(str(n) for n in range(2000)))
        first.data(2000)
        log.page = 1
        reader = Reader(port, "/log?since=0")
        reader.data(1)
        log.refusing = True
        body = reader.rest()
        assert b"no" not in body
        assert body.endswith(b"\n\n")
        reader.close()


def test_one_who_reads_slowly_holds_up_nobody_and_misses_nothing(port, log, monkeypatch):
    monkeypatch.setattr(listener, "MAX_PENDING", 10_000)
    with Reader(port, "/log") as quick, Reader(port, "/log") as slow:
        quick.more()
        slow.more()
        words = [f"{n} " + "x" * 2000 for n in range(4000)]
        log.write(*words)
        assert quick.data(4000) == words
        assert slow.data(4000) == words


def test_one_who_reads_nothing_is_given_up(port, log, monkeypatch):
    monkeypatch.setattr(listener, "STALL_SECONDS", 0.2)
    with Reader(port, "/log") as deaf:
        deaf.more()
        log.write(*("x" * 100_000 for _ in range(300)))
        time.sleep(1.5)
        with pytest.raises(ConnectionError):
            deaf.rest()


def test_whoever_listens_is_asked_about_again_and_sent_away_once_it_may_not(port, log, monkeypatch):
    monkeypatch.setattr(streams, "ASK_AGAIN_SECONDS", 0.05)
    with Reader(port, "/log") as reader:
        for word in "abc":
            log.write(word)
            callers.eventually(functools.partial(_more_than, log.pages, len(log.pages) + 1))
        assert reader.data(3) == ["a", "b", "c"]
        log.refusing = True
        assert b"no" not in reader.rest()
        assert reader.data(4) == ["a", "b", "c"]


def _more_than(pages, count):
    return len(pages) > count
