"""The measurements of `make bench`: what a claim costs, on boards of all sizes, beside the bare driver.

`make bench BENCH="--quick"` takes about a minute; the whole run takes a quarter of an hour. Trust the ratios, not the
figures: every comparison is between two things measured in turns in the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import postgres_server, real_server
from tests.benchmarks import boards, claims, figures, listeners, rates, reclaims, tables, traps, waiters, web
from tests.benchmarks.boards import Board

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    databases: list[str]
    sizes: list[int]
    callers: list[int]
    rounds: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. 1 where a database that was asked for cannot be had."""
    plan = _plan(arguments)
    begun, failed = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="agentboard-bench-") as directory:
        for database in plan.databases:
            try:
                _measure(database, plan, Path(directory, database))
            except postgres_server.Unavailable as reason:
                print(f"\nNOT MEASURED ON POSTGRESQL: none can be had here. {reason}", file=sys.stderr)
                failed = 1
    print(f"\nTook {time.monotonic() - begun:.0f} s.")
    return failed


def _plan(arguments: Sequence[str] | None) -> Plan:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small boards, few rounds: about a minute")
    parser.add_argument("--database", choices=DATABASES, help="only this one")
    parser.add_argument("--sizes", type=_numbers, help="ready tasks, for example 1000,100000")
    parser.add_argument("--agents", type=_numbers, help="callers at once, for example 1,8,32")
    parser.add_argument("--rounds", type=int, help="how often each is measured")
    asked = parser.parse_args(arguments)
    return Plan(
        databases=[asked.database] if asked.database else list(DATABASES),
        sizes=asked.sizes or ([1_000, 20_000] if asked.quick else [1_000, 100_000, 1_000_000]),
        callers=asked.agents or ([1, 8] if asked.quick else [1, 8, 32]),
        rounds=asked.rounds or (2 if asked.quick else 5),
    )


def _numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def _measure(database: str, plan: Plan, directory: Path) -> None:
    print(f"\n== {'SQLite' if database == 'sqlite' else 'PostgreSQL'}", flush=True)
    with boards.made(database, plan.sizes, directory) as (made, empty):
        _claims(made, plan)
        _others(made, plan)
        _figures(made, plan)
        _waiting(empty)
        _listening(empty)
        _traps(database, made, plan, directory)
    _reclaims(database, directory / "reclaims")


def _claims(made: Sequence[Board], plan: Plan) -> None:
    http, bare = claims.measure(made, callers=plan.callers, rounds=plan.rounds)
    tables.table(
        "Claims: GET /tasks/next, each of another task, beside the bare driver on the same board (ms)",
        ["ready tasks", "agents", "p50", "p99", "claims/s", "bare p50", "bare p99", "bare/s", "HTTP/bare"],
        [
            [
                *key,
                *(tables.p50(http[key]), tables.p99(http[key]), tables.per_second(http[key])),
                *(tables.p50(bare[key]), tables.p99(bare[key]), tables.per_second(bare[key])),
                tables.paired(http[key], bare[key]),
            ]
            for key in sorted(http)
        ],
    )
    small, large = min(plan.sizes), max(plan.sizes)
    for number in plan.callers:
        growth = tables.growth(http[large, number], http[small, number])
        tables.ratio(f"p50 at {large:,} / p50 at {small:,}, agents {number}", growth, "at most 1.3")
    for size in plan.sizes:
        if (size, 8) in http:
            share = tables.paired(http[size, 8], bare[size, 8])
            tables.ratio(f"HTTP / bare driver, agents 8, at {size:,}", share, "at least 0.33 on PostgreSQL")


def _others(made: Sequence[Board], plan: Plan) -> None:
    found = rates.measure(made, rounds=max(1, plan.rounds // 2))
    tables.table(
        f"Requests per second with {rates.CALLERS} callers, and the web process's memory (MB)",
        ["ready tasks", *rates.CALLS, "resident", "at most"],
        [
            [
                board.ready,
                *(tables.per_second(found[call, board.ready]) for call in rates.CALLS),
                *web.memory(board.server),
            ]
            for board in made
        ],
    )


def _figures(made: Sequence[Board], plan: Plan) -> None:
    found = figures.measure(made, rounds=plan.rounds)
    tables.table(
        "The figures of a week: GET /stats?since=7d, of the same week on boards with more and more before it (ms)",
        ["ready tasks", "p50", "p99"],
        [[size, tables.p50(found[size]), tables.p99(found[size])] for size in sorted(found)],
    )
    small, large = min(plan.sizes), max(plan.sizes)
    tables.ratio(
        f"p50 at {large:,} / p50 at {small:,}", tables.growth(found[large], found[small]), "at most 1.5"
    )


def _waiting(empty: str) -> None:
    with real_server.running(empty) as server:
        before, during, wakes = waiters.measure(empty, server)
    tables.table(
        f"{waiters.WAITERS:,} callers wait (next?wait=45), and are woken one by one",
        ["waiting", "threads", "resident MB", "% of a CPU"],
        [[0, *_shown(before)], [waiters.WAITERS, *_shown(during)]],
    )
    a_caller = (during.megabytes - before.megabytes) * 1024 / waiters.WAITERS
    tables.ratio("kB a caller", a_caller)
    tables.ratio("woken after ms, p50", tables.percentile(wakes, 0.5), "at most 300")
    tables.ratio("woken after ms, p99", tables.percentile(wakes, 0.99), "at most 300")


def _listening(empty: str) -> None:
    with real_server.running(empty) as server:
        before, during, took = listeners.measure(server)
    tables.table(
        f"{listeners.IDLE:,} readers listen to the event stream while nothing happens",
        ["listening", "threads", "resident MB", "% of a CPU"],
        [[0, *_shown(before)], [listeners.IDLE, *_shown(during)]],
    )
    tables.ratio("MB for all of them", during.megabytes - before.megabytes, "at most 150")
    for share in (0.5, 0.99):
        of = f"{listeners.LISTENERS} listeners have an event after ms, p{share * 100:.0f}"
        tables.ratio(of, tables.percentile(took, share), "at most 300")


def _shown(cost: waiters.Cost) -> tuple[int, float, float]:
    return cost.threads, cost.megabytes, cost.cpu * 100


def _traps(database: str, made: Sequence[Board], plan: Plan, directory: Path) -> None:
    board = made[-1]
    print(f"\nWhat is avoided, on the board of {board.ready:,}")
    ours, theirs = traps.counted_blockers(board)
    _compare("head of a lane: NOT EXISTS over the dependencies", theirs, "the counter in the index", ours)
    ours, theirs = traps.lanes(board)
    _compare("first task for my skills: one queue and a filter", theirs, "the heads of the lanes", ours)
    if database == "sqlite":
        with contextlib.suppress(IndexError):
            board = made[-2]
        queued, polling = traps.write_lock(board, directory / "unlocked", rounds=plan.rounds)
        _compare(
            "claims with 8 agents, p99: SQLite's own waiting",
            tables.p99(polling),
            "our lock",
            tables.p99(queued),
        )
        _compare(
            "claims with 8 agents, p50: SQLite's own waiting",
            tables.p50(polling),
            "our lock",
            tables.p50(queued),
        )


def _reclaims(database: str, directory: Path) -> None:
    found = reclaims.measure(database, directory)
    tables.table(
        f"Claims beside a job that takes back {found.count:,} tasks in {found.seconds:.0f} s (ms)",
        ["", "p50", "p99", "longest"],
        [
            [name, tables.percentile(took, 0.5), tables.percentile(took, 0.99), max(took)]
            for name, took in (("alone", found.alone), ("beside it", found.beside))
        ]
        + [
            [
                f"its {len(found.rounds)} rounds",
                *(tables.percentile(found.rounds, 0.5), tables.percentile(found.rounds, 0.99)),
                max(found.rounds),
            ]
        ],
    )
    tables.ratio("longest claim beside it / alone", max(found.beside) / max(found.alone))
    if found.looks:
        waiting = 100 * found.waiting / found.looks
        tables.ratio(f"% of {found.looks:,} looks at which anybody waited for a lock", waiting)
    else:
        tables.ratio("ms that it kept a claim waiting, at most", max(found.rounds), "at most 50")


def _compare(trap: str, theirs: float, design: str, ours: float) -> None:
    print(f"  {trap} {theirs:.2f} ms, {design} {ours:.3f} ms: {theirs / ours:,.1f} times")


if __name__ == "__main__":
    sys.exit(main())
