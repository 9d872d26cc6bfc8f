"""What the figures of a week cost, on boards with as much history as they are large and the same week."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks import crowd, web
from tests.benchmarks.boards import Board
from tests.benchmarks.crowd import Measured

REQUESTS = 20
CALL = ("GET", "/stats?since=7d", None)


def measure(boards: Sequence[Board], *, rounds: int) -> dict[int, list[Measured]]:
    """By size of the board: one measurement of one caller a round. The first round is not counted."""
    results: dict[int, list[Measured]] = {}
    for turn in range(rounds + 1):
        for board in boards if turn % 2 else reversed(boards):
            order = {
                "port": web.port(board.server),
                "requests": [[CALL] * REQUESTS],
                "expected": '"throughput":[{',
            }
            measured = crowd.gather("load", order)
            if turn:
                results.setdefault(board.ready, []).append(measured)
    return results
