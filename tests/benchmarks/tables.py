"""What a run prints: plain columns, numbers to the right, and ratios with what they aim at."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence

from tests.benchmarks.crowd import Measured


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under a head; texts to the left, everything else to the right with at most two decimals."""
    cells = [[_written(cell) for cell in row] for row in rows]
    widths = [max(len(line[at]) for line in [head, *cells]) for at in range(len(head))]
    print(f"\n{title}")
    for line in [head, *cells]:
        print("  " + "  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)))


def ratio(text: str, value: float, aim: str = "") -> None:
    """Print a ratio, with the aim it is held against."""
    print(f"  {text}: {value:.2f}" + (f" (aim {aim})" if aim else ""))


def percentile(milliseconds: Iterable[float], share: float) -> float:
    """The value below which this share of all values lies."""
    ordered = sorted(milliseconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def p50(rounds: Sequence[Measured]) -> float:
    """The median of the rounds' medians."""
    return _median(rounds, lambda one: percentile(one.milliseconds, 0.5))


def p99(rounds: Sequence[Measured]) -> float:
    """Of all calls of all rounds: one round is too few for a tail."""
    return percentile((took for one in rounds for took in one.milliseconds), 0.99)


def per_second(rounds: Sequence[Measured]) -> float:
    """The median of the rounds."""
    return _median(rounds, lambda one: one.per_second)


def paired(ours: Sequence[Measured], theirs: Sequence[Measured]) -> float:
    """Ours per second over theirs: the median of the rounds' ratios, so that the machine's drift cancels out."""
    return statistics.median(a.per_second / b.per_second for a, b in zip(ours, theirs, strict=True))


def growth(large: Sequence[Measured], small: Sequence[Measured]) -> float:
    """The p50 of the one over that of the other: the median of the rounds' ratios, for the same reason."""
    pairs = zip(large, small, strict=True)
    return statistics.median(
        percentile(a.milliseconds, 0.5) / percentile(b.milliseconds, 0.5) for a, b in pairs
    )


def _median(rounds: Sequence[Measured], of: Callable[[Measured], float]) -> float:
    return statistics.median(map(of, rounds))


def _written(cell: object) -> str:
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell >= 100 else f"{cell:.2f}"
    return str(cell)
