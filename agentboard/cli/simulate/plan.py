"""The plan of a simulation: who plays, where, for how long and how roughly."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from agentboard.cli import callers


@dataclass(frozen=True)
class Plan:
    """`seconds` null: until nobody finds anything to claim any more. `pace` is the average pause between two acts, in
    seconds; `death_rate` the chance to die after each. `wip` null leaves every agent's limit as it is. A team that
    `drains` the board submits and reviews until there is nothing more to do, for `seconds` at most."""

    url: str
    names: tuple[str, ...]
    seconds: float | None
    seed: int
    death_rate: float
    wip: int | None
    pace: float
    environ: Mapping[str, str]
    drains: bool = False
    # In every comment, so that a second run on the same board does not take the first one's words for its own.
    tag: str = field(default_factory=lambda: secrets.token_hex(3))

    def caller(self, name: str) -> callers.Caller:
        """The agent of this name as a caller. Fails if it cannot be one."""
        return callers.identify(self.environ, url=self.url, agent=name)

    def dice(self, name: str) -> random.Random:
        """What this agent's decisions are drawn from: the same for the same seed."""
        return random.Random(f"{self.seed}/{name}")
