"""The claim: through HTTP and by the bare driver in turns, on boards of all sizes in turns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice

from tests.benchmarks import crowd, web
from tests.benchmarks.boards import Board
from tests.benchmarks.crowd import Measured

# A multiple of the callers times the claims each agent makes, and well below the smallest board.
CLAIMS = 320
GIVEN = '"resumed":false'

# By size of the board and number of callers: one measurement a round.
Results = dict[tuple[int, int], list[Measured]]


def measure(boards: Sequence[Board], *, callers: Sequence[int], rounds: int) -> tuple[Results, Results]:
    """Claims through HTTP, and by the bare driver. The first round is not counted: it warms everything up."""
    http: Results = {}
    bare: Results = {}
    for turn in range(rounds + 1):
        for number in callers:
            for board in boards if turn % 2 else reversed(boards):
                for results, claim in ((http, through_http), (bare, by_driver)):
                    measured = claim(board, callers=number)
                    if turn:
                        results.setdefault((board.ready, number), []).append(measured)
    return http, bare


def through_http(board: Board, *, callers: int, port: int | None = None) -> Measured:
    """CLAIMS claims by `GET /tasks/next`, each of another task."""
    names = board.new_agents(callers=callers, claims=CLAIMS)
    requests = [[("GET", f"/tasks/next?agent={name}", None) for name in mine] for mine in names]
    order = {"port": port or web.port(board.server), "requests": requests, "expected": GIVEN}
    measured = crowd.gather("load", order)
    board.top_up(CLAIMS)
    return measured


def by_driver(board: Board, *, callers: int) -> Measured:
    """The same number of claims by the driver; each caller goes round the lanes."""
    names = board.new_agents(callers=callers, claims=CLAIMS)
    lanes = board.lanes()
    claims = [
        list(zip(mine, islice(cycle(lanes), at, None), strict=False))
        for at, mine in zip(range(0, callers * 3, 3), names, strict=True)
    ]
    measured = crowd.gather("bare", {"url": board.url, "claims": claims})
    board.top_up(CLAIMS)
    return measured
