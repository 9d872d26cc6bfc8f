"""Callers that wait for work."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from agentboard.serve import waiting, watcher
from tests.agentboard.serve import callers
from tests.agentboard.serve.stand_in import Board

pytestmark = pytest.mark.once

Asks = Callable[..., "Future[callers.Answer]"]


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """How soon callers are really woken is measured in test_waking."""
    monkeypatch.setattr(watcher, "EVERY_SECONDS", 0.02)


@pytest.fixture
def ask() -> Iterator[Asks]:
    """Asks in the background: `ask(port, "/next?wait=5")` is a future answer."""
    with ThreadPoolExecutor(20) as pool:
        yield lambda port, path: pool.submit(callers.ask, port, path)


def runs(board: Board, flag: str) -> int:
    return sum(flag in call for call in board.calls)


def parked(board: Board, count: int) -> Callable[[], bool]:
    return lambda: bool(board.offers) and len(board.offers[-1]) == count


def test_work_that_comes_is_given_to_a_caller_that_waits(serve, board, ask):
    held = ask(serve(board).port, "/next?wait=20")
    callers.eventually(parked(board, 1))
    board.work.append("T-1")

    assert held.result(5).json == {"task": "T-1"}
    assert (runs(board, waiting.RETRY), runs(board, waiting.LAST)) == (1, 0)


def test_callers_are_woken_in_the_order_they_came_and_only_as_many_as_there_is_work(serve, board, ask):
    port = serve(board).port
    calls = []
    for number, agent in enumerate(["ada", "bob", "rita"], start=1):
        calls.append(ask(port, f"/next?wait=20&agent={agent}"))
        callers.eventually(parked(board, number))
    assert board.offers[-1] == ["ada", "bob", "rita"]

    board.work.append("T-1")
    assert calls[0].result(5).json == {"task": "T-1"}
    callers.eventually(parked(board, 2))
    assert board.offers[-1] == ["bob", "rita"]
    board.work.extend(["T-2", "T-3"])
    assert {call.result(5).json["task"] for call in calls[1:]} == {"T-2", "T-3"}
    assert runs(board, waiting.RETRY) == 3


def test_when_the_time_is_up_the_last_answer_is_sent_whatever_it_is(serve, board):
    began = time.monotonic()
    answer = callers.ask(serve(board).port, "/next?wait=0.3")

    assert 0.3 <= time.monotonic() - began < 3
    assert answer.json == {"task": None, "last": True}
    assert (runs(board, waiting.RETRY), runs(board, waiting.LAST)) == (0, 1)


def test_a_caller_that_does_not_ask_to_wait_is_answered_at_once(serve, board):
    assert callers.ask(serve(board).port, "/next").json == {"task": None, "last": False}
    assert board.offers == []


def test_the_private_header_reaches_nobody(serve, board, ask):
    port = serve(board, max_parked=1).port
    held = ask(port, "/next?wait=0.4")
    callers.eventually(parked(board, 1))

    turned_away = callers.ask(port, "/next?wait=20")
    for answer in (turned_away, held.result(5)):
        assert "X-Agentboard-Park" not in answer.headers


def test_a_retry_that_finds_nothing_waits_on_for_the_rest_of_the_time(serve, board, monkeypatch):
    woken = iter([[0], [0]])
    monkeypatch.setattr(board, "find_wakeable", lambda tickets: next(woken, []))
    began = time.monotonic()
    answer = callers.ask(serve(board).port, "/next?wait=0.8")

    assert 0.8 <= time.monotonic() - began < 3
    assert answer.json == {"task": None, "last": True}
    assert (runs(board, waiting.RETRY), runs(board, waiting.LAST)) == (2, 1)


def test_a_retry_may_come_back_with_another_ticket(serve, board):
    tickets = iter(["one", "two", "three"])
    offered: list[str] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X-Agentboard-Park", f"0.5;{next(tickets)}")])
        return [b"nothing"]

    def find(seen: Sequence[str]) -> Sequence[int]:
        offered.extend(seen)
        return [0] if seen == ["one"] else []

    assert callers.ask(serve(app, find_wakeable=find).port, "/").body == b"nothing"
    assert list(dict.fromkeys(offered)) == ["one", "two"]


def test_a_board_that_asks_for_nonsense_is_answered_for_at_once(serve, caplog):
    orders = iter(nonsense := ["soon;ada", "5", "nan;ada", "-1;ada", "5;a b", "5;ada;bob", ""])

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X-Agentboard-Park", next(orders))])
        return [b"nothing"]

    port = serve(app).port
    for order in nonsense:
        answer = callers.ask(port, "/")
        assert answer.body == b"nothing"
        assert "X-Agentboard-Park" not in answer.headers
        assert f"{order!r}, which is not SECONDS;TICKET" in caplog.text


def test_a_caller_that_has_gone_is_never_given_a_task(serve, board, ask):
    port = serve(board).port
    gone = callers.send(port, "GET /next?wait=20&agent=gone HTTP/1.1\nHost: x\n\n")
    callers.eventually(parked(board, 1))
    stays = ask(port, "/next?wait=20&agent=stays")
    callers.eventually(parked(board, 2))
    gone.close()
    callers.eventually(parked(board, 1))

    board.work.append("T-1")

    assert stays.result(5).json == {"task": "T-1"}
    assert not any("gone" in call["QUERY_STRING"] for call in board.calls[2:])


def test_a_caller_that_goes_while_its_retry_waits_for_a_thread_is_not_run_either(serve, board, ask):
    port = serve(board).port
    with callers.send(port, "GET /next?wait=20&agent=gone HTTP/1.1\nHost: x\n\n"):
        callers.eventually(parked(board, 1))
        busy = [ask(port, "/sleep?seconds=0.6") for _ in range(8)]
        callers.eventually(lambda: len(board.asleep) == 8)
        board.work.append("T-1")
        callers.eventually(lambda: board.woken == ["gone"])

    for call in busy:
        call.result(5)
    callers.ask(port, "/process")
    assert list(board.work) == ["T-1"]
    assert runs(board, waiting.RETRY) == 0


@pytest.mark.parametrize("flag", [waiting.RETRY, waiting.LAST])
def test_a_ticket_whose_request_is_running_is_not_offered(serve, flag):
    entered, leave = threading.Event(), threading.Event()
    offered_meanwhile: list[Sequence[str]] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        if flag in environ:
            entered.set()
            assert leave.wait(5)
            start_response("200 OK", [])
            return [b"work"]
        start_response("200 OK", [("X-Agentboard-Park", "0.2;ada")])
        return [b"nothing"]

    def find(tickets: Sequence[str]) -> Sequence[int]:
        if entered.is_set():
            offered_meanwhile.append(tickets)
        return [0] if flag == waiting.RETRY else []

    port = serve(app, find_wakeable=find).port
    with callers.send(port, "GET / HTTP/1.1\nHost: x\n\n") as sock:
        assert entered.wait(5)
        time.sleep(0.1)
        leave.set()
        assert callers.read(sock).body == b"work"
    assert offered_meanwhile == []


def test_a_ticket_that_was_woken_is_not_offered_again_before_its_caller_says_so():
    offered: list[str] = []

    def find(tickets: Sequence[str]) -> Sequence[int]:
        offered.extend(tickets)
        return range(len(tickets))

    watching = watcher.Watcher(find, on_idle=lambda: None)
    places = [watcher.Place(name, wake=lambda: None) for name in ("ada", "bob")]
    for place in places:
        watching.join(place)
    callers.eventually(lambda: offered == ["ada", "bob"])
    time.sleep(0.1)
    places[1].offered = True
    callers.eventually(lambda: len(offered) > 2)
    watching.stop()

    assert offered == ["ada", "bob", "bob"]


def test_above_the_cap_callers_get_their_empty_answer_at_once(serve, board, ask):
    port = serve(board, max_parked=2).port
    held = [ask(port, "/next?wait=20") for _ in range(2)]
    callers.eventually(parked(board, 2))

    assert callers.ask(port, "/next?wait=20").json == {"task": None, "last": False}
    board.work.extend(["T-1", "T-2"])
    assert {call.result(5).json["task"] for call in held} == {"T-1", "T-2"}
    third = ask(port, "/next?wait=20")
    callers.eventually(parked(board, 1))
    board.work.append("T-3")
    assert third.result(5).json == {"task": "T-3"}


def test_a_failing_watcher_is_logged_once_backs_off_and_recovers(serve, board, ask, caplog):
    caplog.set_level("INFO")
    broken = True
    attempts: list[float] = []
    released: list[str] = []

    def find(tickets: Sequence[str]) -> Sequence[int]:
        attempts.append(time.monotonic())
        if broken:
            raise ConnectionError("the database is away")
        return board.find_wakeable(tickets)

    def on_idle() -> None:
        released.append(threading.current_thread().name)
        raise RuntimeError("nor can this be done")

    port = serve(board, find_wakeable=find, on_idle=on_idle).port
    held = ask(port, "/next?wait=20")
    callers.eventually(lambda: len(attempts) >= 3)
    assert attempts[2] - attempts[1] > watcher.EVERY_SECONDS * 1.5
    assert len(released) >= 2, "a broken connection has to be given back after each failure"
    broken = False
    board.work.append("T-1")

    assert held.result(10).json == {"task": "T-1"}
    assert caplog.text.count("Cannot find out who has work") == 1
    assert caplog.text.count("Cannot give back what the watcher held") == 1
    callers.eventually(lambda: "succeeds again" in caplog.text)


def test_the_watcher_runs_only_while_somebody_waits_and_gives_back_what_it_held(serve, board, monkeypatch):
    def watchers() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name == "board-watcher"]

    monkeypatch.setattr(watcher, "LINGER_SECONDS", 0.2)
    released: list[str] = []
    port = serve(board, on_idle=lambda: released.append(threading.current_thread().name)).port
    callers.ask(port, "/next")
    assert watchers() == []

    for turn in (1, 2):
        with contextlib.closing(callers.send(port, "GET /next?wait=20 HTTP/1.1\nHost: x\n\n")):
            callers.eventually(parked(board, 1))
            assert watchers() == ["board-watcher"]
            assert len(released) == turn - 1
        callers.eventually(lambda: not watchers())
        assert released == ["board-watcher"] * turn
        board.offers.clear()


def test_a_server_told_to_stop_answers_those_who_wait_at_once(serve, board, ask):
    serving = serve(board)
    held = [ask(serving.port, "/next?wait=40") for _ in range(5)]
    callers.eventually(parked(board, 5))

    began = time.monotonic()
    serving.stop()

    assert time.monotonic() - began < 3
    for call in held:
        assert call.result(5).json == {"task": None, "last": False}
    assert len(board.calls) == 5
