"""`kill -9` of a web process in the middle loses nothing that was acknowledged, and leaves nothing half done."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack

import pytest
from django.db import connection, connections

from tasks.models import Attempt, Comment, Event, Task
from tests import real_server

pytestmark = pytest.mark.journey


def call(url, path, body=None):
    """The answer of a call, or None if the process died under it."""
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url + path, data), timeout=15) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError):
        return None


class Worker(threading.Thread):
    """An agent that claims and comments as fast as it can, and remembers what was acknowledged."""

    def __init__(self, urls, name, stop):
        super().__init__(daemon=True)
        self.urls, self.agent, self.stop = urls, name, stop
        self.claims, self.comments, self.empty = {}, [], 0
        self.start()

    def run(self):
        turn = 0
        while not self.stop.is_set() and self.empty < 3:
            turn += 1
            url = self.urls[turn % len(self.urls)]
            packet = call(url, f"/tasks/next?agent={self.agent}")
            if packet is None:
                time.sleep(0.02)
                continue
            if packet["task"] is None:
                self.empty += 1
                continue
            task, token = packet["task"]["id"], packet["lease"]["token"]
            self.claims[task] = token
            text = f"{self.agent} {turn}"
            if call(url, f"/tasks/{task}/comments", {"agent": self.agent, "lease": token, "text": text}):
                self.comments.append((int(task[2:]), text))


def write_backlog(url, many):
    tasks = [{"title": f"t{n}", "done_criteria": ["x"]} for n in range(many)]
    for at in range(0, many, 500):
        assert call(url, "/tasks/batch", {"agent": "olga", "tasks": tasks[at : at + 500]})


def assert_nothing_half_done():
    doing = set(Task.objects.filter(status="doing").values_list("pk", "assignee", "lease_token"))
    opened = set(Attempt.objects.filter(ended_at=None).values_list("task", "agent", "token"))
    assert doing == opened
    claimed = Event.objects.filter(kind="task.claimed").values_list("task", "agent", "data__token")
    assert sorted(claimed) == sorted(opened)
    said = Event.objects.filter(kind="task.commented").values_list("data__comment", flat=True)
    assert sorted(said) == sorted(Comment.objects.values_list("pk", flat=True))


def register(url, many):
    names = [f"agent-{n}" for n in range(many)]
    for name in names:
        assert call(url, "/agents", {"name": name, "wip_limit": 1000})
    return names


def test_kill_9_loses_no_acknowledged_claim_or_comment(own_board):
    port, workers, stop = 0, [], threading.Event()
    for turn in range(4):
        with real_server.running(own_board, port=port) as server:
            if turn == 0:
                port = int(server.url.rsplit(":", 1)[1])
                write_backlog(server.url, 2000)
                workers = [Worker([server.url], name, stop) for name in register(server.url, 6)]
            time.sleep(0.7)
            if turn < 3:
                server.kill()
            else:
                stop.set()
                for worker in workers:
                    worker.join()
    acknowledged = {task: token for worker in workers for task, token in worker.claims.items()}
    assert sum(len(worker.claims) for worker in workers) == len(acknowledged) > 50, (
        "no task was given to two agents"
    )
    held = dict(Task.objects.filter(status="doing").values_list("pk", "lease_token"))
    assert {int(task[2:]): token for task, token in acknowledged.items()}.items() <= held.items()
    there = set(Comment.objects.values_list("task", "text"))
    said = [comment for worker in workers for comment in worker.comments]
    assert len(said) > 50
    assert set(said) <= there
    assert_nothing_half_done()
    connections.close_all()


def test_two_web_processes_give_every_task_to_exactly_one_agent(own_board):
    """On SQLite, which is served by one web process, the second address is the same process."""
    with ExitStack() as stack:
        servers = [stack.enter_context(real_server.running(own_board))]
        if connection.vendor == "postgresql":
            servers.append(stack.enter_context(real_server.running(own_board)))
        urls = [server.url for server in servers]
        write_backlog(urls[0], 300)
        workers = [Worker(urls, name, threading.Event()) for name in register(urls[0], 16)]
        for worker in workers:
            worker.join(60)
    given = Counter(task for worker in workers for task in worker.claims)
    assert len(given) == 300
    assert set(given.values()) == {1}
    assert_nothing_half_done()
    connections.close_all()
