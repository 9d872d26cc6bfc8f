"""Members of the team: what is known of each agent while it plays. Written by its own thread, read by the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Member:
    """One agent. `ms` is how long its last answer took; `settled`, that there was nothing more for it to claim; `found`
    counts the tasks that it learnt it had been given only when it came back.

    `unanswered` counts the calls for work whose answer it never saw: each may have given it a task it does not know.
    """

    name: str
    limit: int = 1
    state: str = "starting"
    task: str = ""
    claims: int = 0
    found: int = 0
    resumes: int = 0
    comments: int = 0
    deaths: int = 0
    cut_off: int = 0
    ms: float = 0.0
    settled: bool = False
    unanswered: int = 0
