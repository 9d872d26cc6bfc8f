"""The board itself behind the server; waiting for its work is told in tests/journeys/test_waiting.py."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import real_server
from tests.agentboard.serve import callers

pytestmark = pytest.mark.journey


def test_a_board_that_is_told_to_stop_keeps_nobody_waiting(own_board):
    with real_server.running(own_board) as server, ThreadPoolExecutor(2) as pool:
        port = int(server.url.rpartition(":")[2])
        held = [
            pool.submit(callers.ask, port, f"/tasks/next?agent={agent}&wait=40") for agent in ("ada", "bob")
        ]
        time.sleep(0.5)
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 5
        for call in held:
            answer = call.result(5)
            assert (answer.json["task"], answer.json["reason"]) == (None, "nothing_ready")
            assert "X-Agentboard-Park" not in answer.headers
