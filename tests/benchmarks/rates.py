"""Requests per second of the other calls, by callers at once, on boards of all sizes in turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.benchmarks import crowd, web
from tests.benchmarks.boards import Board
from tests.benchmarks.crowd import Measured

CALLERS = 8
REQUESTS = 320

Request = tuple[str, str, dict[str, Any] | None]
Rates = dict[tuple[str, int], list[Measured]]


def measure(boards: Sequence[Board], *, rounds: int) -> Rates:
    """By call and size of the board: one measurement a round. The first round is not counted."""
    results: Rates = {}
    for turn in range(rounds + 1):
        for board in boards if turn % 2 else reversed(boards):
            names = [mine[0] for mine in board.new_agents(callers=CALLERS, claims=CALLERS)]
            for call, (request, expected) in CALLS.items():
                measured = _run(board, names, request, expected)
                if turn:
                    results.setdefault((call, board.ready), []).append(measured)
    return results


def _run(board: Board, names: list[str], request: Callable[..., Request], expected: str) -> Measured:
    requests = [
        [request(name, board.ready, at) for at in range(number, REQUESTS, CALLERS)]
        for number, name in enumerate(names)
    ]
    order = {"port": web.port(board.server), "requests": requests, "expected": expected}
    return crowd.gather("load", order)


def _comment(name: str, ready: int, at: int) -> Request:
    body = {"agent": name, "kind": "tried", "text": "Oiled the upper hinge; it still squeaks."}
    return "POST", f"/tasks/T-{1 + at * 7919 % ready}/comments", body


def _create(name: str, ready: int, at: int) -> Request:
    body = {"agent": name, "title": f"Hang door {at}", "description": "The frame is there, the door is not."}
    return (
        "POST",
        "/tasks",
        body | {"done_criteria": ["It opens", "It closes"], "labels": [f"area-{at % 20}"]},
    )


def _list(name: str, ready: int, at: int) -> Request:
    return "GET", f"/tasks?agent={name}&status=todo&limit=20", None


CALLS = {
    "comment": (_comment, '"on":'),
    "create": (_create, '"status":"todo"'),
    "list": (_list, '"tasks":[{'),
}
