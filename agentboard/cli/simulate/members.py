"""Members of the team: what is known of each agent while it plays. Written by its own thread, read by the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Member:
    """One agent. `ms` is how long its last answer took; `settled`, that there was nothing more for it to claim; `found`
    counts the tasks that it learnt it had been given only when it came back.

    `nothing_to_do_at` and `nothing_to_judge_at` are the ledger's `moves` when the agent was last told so, or less.
    `unanswered` counts the calls for work whose answer it never saw: each may have given it a task it does not know.
    """

    name: str
    limit: int = 1
    skills: frozenset[str] = frozenset()
    state: str = "starting"
    task: str = ""
    claims: int = 0
    found: int = 0
    resumes: int = 0
    comments: int = 0
    submissions: int = 0
    reviews: int = 0
    rejections: int = 0
    deaths: int = 0
    cut_off: int = 0
    ms: float = 0.0
    settled: bool = False
    unanswered: int = 0
    nothing_to_do_at: int = -1
    nothing_to_judge_at: int = -1

    def is_idle(self, moves: int) -> bool:
        """Whether it was told, since the last of the ledger's `moves`, that there is nothing to do and to judge."""
        return min(self.nothing_to_do_at, self.nothing_to_judge_at) >= moves
