"""What is seen while a team plays: a live table in a terminal, a line every few seconds anywhere else."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from agentboard.cli.simulate.team import Team

if TYPE_CHECKING:
    from rich.table import Table

LINE_EVERY = 5.0  # seconds
_COLUMNS = (
    "agent",
    "state",
    "task",
    "claims",
    "resumes",
    "comments",
    "submissions",
    "reviews",
    "deaths",
    "last ms",
)


@contextlib.contextmanager
def shown(team: Team, *, quiet: bool) -> Iterator[Callable[[Team], None]]:
    """Gives what to call whenever the team has got further; `quiet` shows nothing."""
    if quiet:
        yield lambda team: None
    elif not sys.stdout.isatty():
        yield _Lines()
    else:
        from rich.live import Live

        with Live(table(team), refresh_per_second=4) as live:
            yield lambda team: live.update(table(team))


def table(team: Team) -> Table:
    """The team as it is now."""
    from rich.table import Table

    shown = Table(caption=line(team))
    for column in _COLUMNS:
        shown.add_column(column, justify="left" if column in ("agent", "state", "task") else "right")
    for one in team.members:
        counts = (one.claims, one.resumes, one.comments, one.submissions, one.reviews, one.deaths)
        shown.add_row(one.name, one.state, one.task, *map(str, counts), f"{one.ms:.0f}")
    return shown


def line(team: Team) -> str:
    """The team as it is now, in one line."""
    counts = [
        f"{sum(getattr(one, what) for one in team.members)} {what}"
        for what in ("claims", "resumes", "comments", "reviews", "deaths")
    ]
    rate = team.timings.count / team.seconds if team.seconds else 0
    violations = len(team.ledger.violations)
    return f"{team.seconds:.0f} s: {', '.join(counts)}, {rate:.0f} requests/s, {violations} violations"


class _Lines:
    def __init__(self) -> None:
        self._next = LINE_EVERY

    def __call__(self, team: Team) -> None:
        if team.seconds >= self._next:
            self._next = team.seconds + LINE_EVERY
            print(line(team), flush=True)
