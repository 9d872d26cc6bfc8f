"""Summary: what an import took, what it had to change, what it left out, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tasks.domain.imports.edges import Edges


@dataclass
class Summary:
    """Counts by reason, and by line number what could not be used.

    `already_here` are records whose task was on the board before. `ready` are those of the taken that can be claimed
    now, `without_criteria` the unfinished ones that cannot because they say nowhere when they are done.
    """

    project: str
    dry_run: bool
    lines: int = 0
    taken: int = 0
    finished: int = 0
    ready: int = 0
    without_criteria: int = 0
    already_here: int = 0
    comments: int = 0
    agents: int = 0
    mapped: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)
    edges: Edges = field(default_factory=Edges)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        counts = (
            "lines",
            "taken",
            "finished",
            "ready",
            "without_criteria",
            "already_here",
            "comments",
            "agents",
        )
        edges = self.edges
        return {
            "project": self.project,
            "dry_run": self.dry_run,
            **{name: getattr(self, name) for name in counts},
            "mapped": dict(self.mapped.most_common()),
            "skipped": dict(self.skipped.most_common()),
            "broken": [{"line": line, "why": why} for line, why in self.broken],
            "dependencies": {"kept": len(edges.waits_for), "dropped": dict(edges.dropped.most_common())},
            "parents": {"kept": len(edges.parents), "dropped": dict(edges.parents_dropped.most_common())},
            "links_in_origin": dict(edges.links.most_common()),
            "cycles": [
                {"kind": kind, "task": cut.edge[0], "cut": cut.edge[1], "ring": cut.ring}
                for kind, cuts in (("dependency", edges.cuts), ("parent", edges.parent_cuts))
                for cut in cuts
            ],
        }
