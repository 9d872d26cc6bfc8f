"""The stream of events as its readers have it: at once, past restarts, through the command line, for nobody else."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests import real_server
from tests.agentboard.serve import callers
from tests.agentboard.serve.listeners import Reader

pytestmark = pytest.mark.journey


def port_of(server):
    return int(server.url.rpartition(":")[2])


def post(port, path, **body):
    answer = callers.ask(port, path, method="POST", body=json.dumps(body))
    assert answer.status == 201, answer.body
    return answer.json


def kinds(data):
    return [json.loads(one)["kind"] for one in data]


def test_what_happens_reaches_everybody_who_listens_at_once(own_board, capsys):
    with real_server.running(own_board) as server, ExitStack() as stack:
        port = port_of(server)
        post(port, "/tasks", agent="olga", title="Fix login", done_criteria=["It works"])
        readers = [stack.enter_context(Reader(port, "/events?task=T-1")) for _ in range(30)]
        took = []
        for n in range(1, 6):
            began = time.monotonic()
            post(port, "/tasks/T-1/comments", agent="ada", text=f"word {n}")
            for reader in readers:
                assert kinds(reader.data(n)) == ["task.commented"] * n
            took.append(time.monotonic() - began)
        with capsys.disabled():
            print(f"\n30 listeners have each of 5 events within {max(took) * 1000:.0f} ms (the aim is 300)")
        assert max(took) < 1.5
        assert all("text/event-stream" in reader.head for reader in readers)


def test_a_reader_misses_nothing_while_the_board_is_started_again(own_board):
    with real_server.running(own_board) as server:
        port = port_of(server)
        with Reader(port, "/events") as reader:
            post(port, "/agents", name="ada")
            assert kinds(reader.data(1)) == ["agent.registered"]
            last = json.loads(reader.data(1)[0])["seq"]
            assert server.stop() == 0
            assert reader.rest().endswith(b"\n\n"), "the stream was ended between two events"
        assert '"path": "/events", "status": 200' in server.log()
    with real_server.running(own_board, port=port):
        post(port, "/agents", name="bob")
        with Reader(port, "/events", Last_Event_ID=str(last)) as reader:
            assert json.loads(reader.data(1)[0])["by"] == "bob"


def test_a_server_that_is_told_to_stop_does_not_wait_for_listeners(own_board):
    with real_server.running(own_board) as server, ExitStack() as stack:
        port = port_of(server)
        for _ in range(40):
            stack.enter_context(Reader(port, "/events"))
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 5


def test_what_is_refused_is_refused_before_a_stream_begins(own_board):
    with real_server.running(own_board) as server:
        port = port_of(server)
        foreign = callers.ask(port, "/events", headers={"Sec-Fetch-Site": "cross-site"})
        assert (foreign.status, foreign.json["code"]) == (403, "forbidden")
        host = callers.ask(port, "/events", headers={"Host": "evil.example"})
        assert (host.status, host.json["code"]) == (403, "forbidden")
        ahead = callers.ask(port, "/events?since=4711")
        assert (ahead.status, ahead.json["code"]) == (422, "invalid")
        posted = callers.ask(port, "/events", method="POST", body="{}")
        assert (posted.status, posted.json["code"]) == (405, "method_not_allowed")
        head = callers.ask(port, "/events", method="HEAD")
        assert (head.status, head.headers["Content-Type"]) == (200, "text/event-stream")


def test_a_thousand_events_at_once_reach_one_who_was_far_behind(own_board):
    with real_server.running(own_board) as server:
        port = port_of(server)
        for _ in range(3):
            callers.ask(
                port, "/tasks/batch", method="POST",
                body=json.dumps({"agent": "olga", "tasks": [{"title": f"t{n}"} for n in range(700)]}),
            )  # fmt: skip
        with ThreadPoolExecutor(4) as pool, ExitStack() as stack:
            readers = [stack.enter_context(Reader(port, "/events?since=0")) for _ in range(4)]
            for data in pool.map(lambda reader: reader.data(2101), readers):
                assert [json.loads(one)["seq"] for one in data] == list(range(1, 2102))


def test_the_command_line_follows(own_board):
    with real_server.running(own_board) as server:
        port = port_of(server)
        post(port, "/tasks", agent="olga", title="Fix login", done_criteria=["It works"])
        following = subprocess.Popen(
            [sys.executable, "-m", "agentboard.cli.main", "events", "--follow", "--since", "1"],
            stdout=subprocess.PIPE, text=True,
            env=os.environ | {"AGENTBOARD_URL": server.url, "AGENTBOARD_AGENT": "zed"},
        )  # fmt: skip
        assert following.stdout
        with following:
            assert " task.created T-1 by olga" in following.stdout.readline()
            post(port, "/tasks/T-1/comments", agent="ada", text="x")
            lines = [following.stdout.readline() for _ in range(2)]
            assert [line.split()[2] for line in lines] == ["agent.registered", "task.commented"]
            following.send_signal(signal.SIGINT)
            assert following.wait(10) == 130
