"""Progress: a bar on standard error while somebody looks at it there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Told the stage, how much of it is done and of how much (0: unknown).
Tell = Callable[[str, int, int], None]


@contextmanager
def bar() -> Iterator[Tell]:
    """What to tell; it is shown if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    stages: dict[str, TaskID] = {}

    def tell(stage: str, done: int, of: int) -> None:
        if stage not in stages:
            stages[stage] = shown.add_task(stage, total=None)
        shown.update(stages[stage], completed=done, total=of or None)

    with shown:
        yield tell
