"""A caller that waits for work costs nothing, and has it soon after it is there, on every web process."""

import http.client
import json
import statistics
import threading
import time
import urllib.request
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests import real_board, real_server

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("waiting")]


def get(url, path, timeout=60):
    with urllib.request.urlopen(url + path, timeout=timeout) as answer:
        return json.load(answer)


def post(url, path, **body):
    request = urllib.request.Request(url + path, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Waiter(threading.Thread):
    """An agent that waits; remembers its answer and when it came."""

    def __init__(self, url, agent, query="", wait=30):
        super().__init__(daemon=True)
        self.url, self.agent, self.query, self.wait = url, agent, query, wait
        self.answer, self.at = None, None
        self.start()

    def run(self):
        self.answer = get(self.url, f"/tasks/next?agent={self.agent}&wait={self.wait}{self.query}")
        self.at = time.monotonic()

    def got(self):
        self.join(20)
        return self.answer["task"] and self.answer["task"]["id"]


@pytest.fixture
def servers(own_board):
    """Two web processes on one PostgreSQL; on SQLite, which takes one, the same one twice."""
    with real_server.running(own_board) as first:
        if connection.vendor == "sqlite":
            yield first.url, first.url
            return
        with real_server.running(own_board) as second:
            yield first.url, second.url


@pytest.fixture(scope="module")
def shared(board_template, tmp_path_factory, django_db_blocker):
    """One web process for tests that stay within a project of their own."""
    directory = tmp_path_factory.mktemp("shared")
    with (
        django_db_blocker.unblock(),
        real_board.copy(board_template, directory) as board,
        real_server.running(board) as server,
    ):
        post(server.url, "/agents", name="olga", kind="human")
        yield server.url


def write(url, **fields):
    body = {"agent": "olga", "title": "t", "done_criteria": ["x"]} | fields
    return post(url, "/tasks", **body)["id"]


def test_a_task_that_becomes_ready_wakes_one_of_those_who_wait_on_any_process(servers):
    delays = []
    for turn in range(6):
        here, there = servers[turn % 2], servers[(turn + 1) % 2]
        waiter = Waiter(there, f"waiter-{turn}")
        time.sleep(0.4)
        started = time.monotonic()
        task = write(here)
        assert waiter.got() == task
        delays.append(waiter.at - started)
    print(f"from the call that made it ready to the answer: median {statistics.median(delays) * 1000:.0f} ms")
    assert statistics.median(delays) < 1, "300 ms is the aim; here the machine is shared"


@pytest.mark.parametrize(
    "event", ["dependency", "criteria", "skills", "label", "release", "not_before", "reopen"]
)
def test_whatever_makes_a_task_ready_wakes_the_one_who_fits(shared, event):
    def draft(**fields):
        return write(shared, project=event, **fields)

    post(shared, "/agents", name=f"ada-{event}", skills=["rust"])
    first = draft()
    assert get(shared, f"/tasks/next?agent=bob-{event}&project={event}")["task"]["id"] == first
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
    task = {
        "dependency": lambda: draft(depends_on=[first]),
        "criteria": lambda: draft(done_criteria=[]),
        "not_before": lambda: draft(not_before=soon),
    }.get(event, lambda: None)()
    label = "&label=web" if event == "label" else ""
    waiter = Waiter(shared, f"ada-{event}", f"&project={event}{label}")
    stranger = Waiter(shared, f"zed-{event}", "&project=elsewhere", wait=2)
    time.sleep(0.4)
    assert waiter.answer is None
    match event:
        case "dependency":
            post(shared, f"/tasks/{first}/cancel", agent="olga", reason="not needed")
        case "criteria":
            request = urllib.request.Request(
                f"{shared}/tasks/{task}", b'{"agent": "olga", "done_criteria": ["now"]}', method="PATCH"
            )
            urllib.request.urlopen(request, timeout=10).close()
        case "skills":
            task = draft(skills=["rust"])
        case "label":
            draft()
            task = draft(labels=["web"])
        case "release":
            task = first
            post(shared, f"/tasks/{first}/release", agent="olga", reason="bob went home")
        case "reopen":
            task = first
            post(shared, f"/tasks/{first}/cancel", agent="olga", reason="no")
            post(shared, f"/tasks/{first}/reopen", agent="olga", reason="yes")
    assert waiter.got() == task
    assert stranger.got() is None


def test_several_ready_tasks_wake_as_many_and_the_others_go_on_waiting(servers):
    waiters = [Waiter(servers[n % 2], f"w{n}", wait=5) for n in range(12)]
    time.sleep(0.5)
    items = [{"title": f"t{n}", "done_criteria": ["x"]} for n in range(5)]
    made = {task["id"] for task in post(servers[0], "/tasks/batch", agent="olga", tasks=items)["tasks"]}
    time.sleep(2)
    served = [w.answer["task"]["id"] for w in waiters if w.answer]
    assert sorted(served) == sorted(made)
    assert [w.got() for w in waiters].count(None) == 7


def test_a_caller_that_hung_up_is_given_nothing(servers):
    url = servers[0]
    gone = http.client.HTTPConnection(urlsplit(url).netloc)
    gone.request("GET", "/tasks/next?agent=ada&wait=30")
    time.sleep(0.5)
    gone.close()
    time.sleep(0.3)
    task = write(url)
    time.sleep(1)
    assert get(url, f"/tasks/{task}")["status"] == "todo"


def test_nothing_within_the_wait_is_the_plain_empty_answer(servers):
    started = time.monotonic()
    answer = get(servers[0], "/tasks/next?agent=ada&wait=1")
    assert time.monotonic() - started >= 1
    assert (answer["task"], answer["reason"], answer["retry_after"]) == (None, "nothing_ready", 15)
