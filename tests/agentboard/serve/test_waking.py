"""How soon work reaches those who wait, and what a thousand of them cost."""

import contextlib
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.agentboard.serve import callers

pytestmark = pytest.mark.once

WAITS = "GET /next?wait=40&agent={} HTTP/1.1\nHost: x\n\n"


def resident(pid: int) -> int:
    """The memory a process has now, in kB; its own peak would include that of the process it was forked from."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)], text=True))


def offered(port: int) -> list[str]:
    """The callers that wait, as the watcher saw them last."""
    return callers.ask(port, "/process").json["offered"]


def test_work_that_comes_wakes_a_caller_soon(stand_in, capsys):
    port = stand_in.port()
    took = []
    for agent in ("ada", "bob", "rita", "olga", "zed"):
        with callers.send(port, WAITS.format(agent)) as sock:
            callers.eventually(lambda: offered(port) == [agent])  # noqa: B023 - it is asked at once
            began = time.monotonic()
            callers.ask(port, "/give")
            assert callers.read(sock).json == {"task": "T-1"}
            took.append(time.monotonic() - began)
    with capsys.disabled():
        print(f"\nwoken within {max(took) * 1000:.0f} ms (the aim is 300)")
    assert max(took) < 1


def test_a_thousand_who_wait_cost_no_threads_and_little_memory(stand_in, capsys):
    port = stand_in.port()
    with ThreadPoolExecutor(16) as pool, contextlib.ExitStack() as held:
        list(pool.map(lambda _: callers.ask(port, "/sleep?seconds=0.05"), range(16)))
        first = held.enter_context(callers.send(port, WAITS.format("first")))
        callers.eventually(lambda: offered(port) == ["first"])
        before, memory = callers.ask(port, "/process").json, resident(stand_in.popen.pid)
        for number in range(1000):
            held.enter_context(callers.send(port, WAITS.format(number)))
        callers.eventually(lambda: len(offered(port)) == 1001)
        after, grown = callers.ask(port, "/process").json, resident(stand_in.popen.pid) - memory
        began = time.monotonic()
        callers.ask(port, "/give")
        assert callers.read(first).json == {"task": "T-1"}
        took = time.monotonic() - began

    with capsys.disabled():
        print(
            f"\n1,000 wait: {after['threads']} threads, {grown // 1000} kB each, woken in {took * 1000:.0f} ms"
        )
    assert after["threads"] == before["threads"]
    assert grown < 100_000
    assert took < 2
