"""The web process: how it begins, what it logs and how it ends."""

import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from agentboard.serve import listening, server
from tests.agentboard.serve import callers

pytestmark = pytest.mark.once

STAND_IN = ("-m", "tests.agentboard.serve.stand_in")


def test_told_to_stop_it_answers_those_who_wait_and_finishes_what_runs(start):
    process = start(*STAND_IN, "0")
    port = process.port()
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(callers.ask, port, "/next?wait=40") for _ in range(3)]
        running = pool.submit(callers.ask, port, "/sleep?seconds=0.5")
        callers.eventually(lambda: len(callers.ask(port, "/process").json["offered"]) == 3)
        process.popen.send_signal(signal.SIGTERM)
        began = time.monotonic()

        for call in waiting:
            assert call.result(5).json == {"task": None, "last": False}
        assert running.result(5).json == {"slept": True}
        assert process.end() == 0
        assert time.monotonic() - began < 4


def test_ctrl_c_ends_it_as_cleanly(start):
    process = start(*STAND_IN, "0")
    process.port()
    process.popen.send_signal(signal.SIGINT)

    assert process.end() == 0
    assert not [line for line in process.lines if "Traceback" in line]


def test_a_request_that_hangs_is_cut_off_so_that_the_process_ends(start):
    process = start(*STAND_IN, "0", "--hurry")
    with callers.send(process.port(), "GET /sleep?seconds=30 HTTP/1.1\nHost: x\n\n") as hanging:
        time.sleep(0.2)
        process.popen.send_signal(signal.SIGTERM)
        assert process.end() == 1
        assert callers.read(hanging).status == 500


def test_a_port_in_use_is_one_sentence_and_exit_code_1(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(*STAND_IN, str(port))
        assert process.end() == server.CANNOT_LISTEN
    assert process.lines == [
        f"agentboard: Port {port} of 127.0.0.1 is in use: end what listens there, "
        "or set AGENTBOARD_PORT to another port.\n"
    ]


def test_an_open_board_on_all_addresses_is_refused_before_it_is_loaded(capsys):
    def load():
        raise AssertionError("must not be loaded")

    assert server.serve(load, host="0.0.0.0", port=0, auth="open") == server.MISCONFIGURED
    assert capsys.readouterr().err.startswith(
        "agentboard: AGENTBOARD_HOST is '0.0.0.0', which others can reach"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.name.invalid"])
def test_an_address_of_another_machine_is_one_sentence(capsys, host):
    def load():
        raise AssertionError("must not be loaded")

    assert server.serve(load, host=host, port=0, auth="token") == server.CANNOT_LISTEN
    assert (
        capsys.readouterr().err
        == f"agentboard: '{host}' is no address of this machine: set AGENTBOARD_HOST to one.\n"
    )


def test_localhost_listens_on_all_its_addresses_with_one_port():
    sockets = listening.listen("localhost", 0)
    try:
        assert len({sock.getsockname()[1] for sock in sockets}) == 1
        for sock in sockets:
            socket.create_connection(sock.getsockname()[:2], timeout=5).close()
    finally:
        for sock in sockets:
            sock.close()


def test_it_may_have_more_callers_than_systems_allow_open_files_at_first(start):
    limits = "import resource as r; limits = lambda: r.getrlimit(r.RLIMIT_NOFILE)"
    lower = "r.setrlimit(r.RLIMIT_NOFILE, (256, limits()[1]))"
    check = "assert limits()[0] == min(16384, limits()[1] % 2**62) or limits()[0] == 10240, limits()"
    raised = f"from agentboard.serve import listening; {limits}; {lower}; listening.allow_many_connections(); {check}"

    assert start("-c", raised).end() == 0


def test_each_request_is_one_line_of_json_without_what_was_typed(stand_in):
    answer = callers.ask(stand_in.port(), "/process?agent=ada&q=private", headers={"X-Request-ID": "my-id.1"})

    line = stand_in.logged(request_id="my-id.1")
    assert answer.headers["X-Request-ID"] == "my-id.1"
    assert line.pop("time").endswith("+00:00")
    assert 0 < line.pop("ms") < 5000
    assert line == {"method": "GET", "path": "/process", "status": 200, "request_id": "my-id.1"}
    assert not [line for line in stand_in.lines if "private" in line]


def test_a_request_id_that_is_not_sane_is_replaced(stand_in):
    port = stand_in.port()
    seen = set()
    for given in ({}, {"X-Request-ID": "a b"}, {"X-Request-ID": "x" * 65}, {"X-Request-ID": "\xe9"}):
        identity = callers.ask(port, "/process", headers=given).headers["X-Request-ID"]
        assert len(identity) == 16
        stand_in.logged(request_id=identity)
        seen.add(identity)
    assert len(seen) == 4


def test_a_caller_that_left_is_logged_with_a_status_of_its_own(stand_in):
    port = stand_in.port()
    with callers.send(port, "GET /next?wait=40 HTTP/1.1\nHost: x\n\n"):
        callers.eventually(lambda: len(callers.ask(port, "/process").json["offered"]) == 1)

    assert stand_in.logged(path="/next")["status"] == 499


def test_callers_that_come_while_it_starts_are_served(start):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start(*STAND_IN, str(port))
    answers = []

    def ask_until_served():
        while not answers:
            try:
                answers.append(callers.ask(port, "/process").status)
            except ConnectionRefusedError:
                time.sleep(0.01)

    asking = threading.Thread(target=ask_until_served)
    asking.start()
    process.port()
    asking.join(10)
    assert answers == [200]
