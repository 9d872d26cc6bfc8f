"""Callers that begin at the same moment, each on a thread and a connection of its own, and what each call took.

The crowd is a process of its own, so that neither its interpreter lock nor its garbage is the server's: `gather` starts
one, `python -m tests.benchmarks.load` and `… .bare` are the two kinds.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds

# One caller: connects at once, and gives the call to make for each of its orders.
Connect = Callable[[], Callable[[Any], None]]


@dataclass(frozen=True)
class Measured:
    """The wall-clock seconds of the whole crowd and the milliseconds of each call."""

    seconds: float
    milliseconds: list[float]

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds


def gather(kind: str, order: dict[str, Any]) -> Measured:
    """Run a crowd of this kind (`load`, `bare`) and measure it; a call that went wrong ends the benchmark."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{kind}"],
        input=json.dumps(order).encode(),
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
        timeout=PATIENCE,
    )
    return Measured(**json.loads(done.stdout))


def answer(connect: Connect, orders: Sequence[Sequence[Any]]) -> None:
    """In the crowd's process: one caller per sequence of orders; print what `gather` reads."""
    together = threading.Barrier(len(orders) + 1)
    took: list[list[float]] = [[] for _ in orders]
    threads = [
        threading.Thread(target=_call_all, args=(connect, together, *mine))
        for mine in zip(orders, took, strict=True)
    ]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        together.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if [len(mine) for mine in took] != [len(mine) for mine in orders]:
        sys.exit("A caller failed, and has said why.")
    print(json.dumps({"seconds": seconds, "milliseconds": [one for mine in took for one in mine]}))


def _call_all(connect: Connect, together: threading.Barrier, mine: Sequence[Any], took: list[float]) -> None:
    try:
        call = connect()
        together.wait()
        for one in mine:
            begun = time.perf_counter()
            call(one)
            took.append((time.perf_counter() - begun) * 1000)
    finally:
        if len(took) < len(mine):
            together.abort()
