"""The story: who is in the team, what it works on and what was said, read from the files in `story/`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from agentboard.demo import script

# Minutes.
_LONGEST_SILENCE = 28
_AGAIN = 26
_REVIEW = 27
_DIRECTORY = Path(__file__).parent / "story"


@dataclass(frozen=True)
class Member:
    """One of the team; `status` and `note` are what it last said of itself.

    `live` is whether it acts while the demo runs, `away_for` how many minutes it does not at first.
    """

    name: str
    kind: str = "agent"
    role: str = ""
    skills: tuple[str, ...] = ()
    note: str = ""
    status: str = ""
    live: bool = True
    away_for: float = 0


@dataclass(frozen=True)
class Work:
    """A task: what it says, by whom and how long before now it was written, and what was done with it since.

    `key` is its name within the story: `{key}` in any text stands for its id. `live` is the script of whoever takes it
    while the demo runs.
    """

    key: str
    title: str
    written: timedelta
    by: str = "olga"
    description: str = ""
    criteria: tuple[str, ...] = ()
    priority: int = 2
    project: str = "checkout"
    labels: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    reviewer: str | None = None
    assignee: str | None = None
    due_in: timedelta | None = None
    starts_in: timedelta | None = None
    story: tuple[script.Step, ...] = ()
    live: tuple[script.Step, ...] = ()


@dataclass(frozen=True)
class Said:
    """Something said in a channel. `answers` counts back: 1 answers the message before it in this channel's story."""

    at: timedelta
    by: str
    channel: str
    text: str
    answers: int = 0


@dataclass(frozen=True)
class Beat:
    """An agent says how it is (a heartbeat), or is not heard of any more (`status` gone)."""

    at: timedelta
    by: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class Room:
    """A channel that the team has made."""

    at: timedelta
    name: str
    topic: str
    by: str


@dataclass(frozen=True)
class Story:
    """All of it; `chores` are written down and done over and over while the demo runs."""

    team: tuple[Member, ...]
    works: tuple[Work, ...]
    rooms: tuple[Room, ...]
    said: tuple[Said, ...]
    beats: tuple[Beat, ...]
    chores: tuple[Work, ...]

    @property
    def person(self) -> str:
        """The name of the one who is human, and whose place a visitor takes."""
        return next(member.name for member in self.team if member.kind == "human")


def load() -> Story:
    """Read the whole story."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(_DIRECTORY.glob("*.toml")):
        for name, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
            parts.setdefault(name, []).extend(rows)
    return Story(
        team=tuple(Member(**_tuples(row)) for row in parts["member"]),
        works=tuple([_work(row) for row in parts["task"]] + [_shipped(row) for row in parts["shipped"]]),
        rooms=tuple(Room(**_timed(row)) for row in parts["room"]),
        said=tuple(Said(**_timed(row)) for row in parts["message"]),
        beats=tuple(Beat(**_timed(row)) for row in parts["beat"]),
        chores=tuple(_work({"key": "chore", "written": "-0:00"} | row) for row in parts["chore"]),
    )


def _work(row: dict[str, Any]) -> Work:
    row = _tuples(row)
    row["written"] = script.ago(row["written"])
    for name in ("due_in", "starts_in"):
        if name in row:
            row[name] = timedelta(hours=row[name])
    for name in ("story", "live"):
        row[name] = tuple(script.read(row.get(name, "")))
    return Work(**row)


def _shipped(row: dict[str, Any]) -> Work:
    """A task that went the short way: one worker, who took so many minutes, and one reviewer.

    `checks` holds for each criterion what it asks, the evidence and the reviewer's note; with `bounced` it is said what
    the reviewer missed at first in the last one, and the worker was given it back.
    """
    checks, log = row.pop("checks"), row.pop("log")
    worker, took, began = row.pop("worker"), row.pop("took"), script.ago(row.pop("began"))
    summary, bounced, review = row.pop("summary"), row.pop("bounced", ""), row.pop("review", _REVIEW)
    steps = list(_short_way(checks, log, worker, row["reviewer"], took, summary, bounced, review))
    written = began - timedelta(hours=row.pop("waited", 5))
    first = script.Step(began, worker, "claim")
    moved = (first, *(replace(step, at=began + step.at) for step in steps))
    facts = {"key": row["title"], "criteria": [check[0] for check in checks], "written": written}
    return Work(**_tuples({**facts, **row}), story=moved)


def _short_way(
    checks: list[list[str]],
    log: list[str],
    worker: str,
    reviewer: str,
    took: int,
    summary: str,
    bounced: str,
    review: int,
) -> Iterator[script.Step]:
    """The steps, each at so many minutes after the claim."""

    def step(
        minutes: float, who: str, verb: str, text: str, points: tuple[script.Point, ...] = ()
    ) -> script.Step:
        return script.Step(timedelta(minutes=minutes), who, verb, text, points)

    # A holder that is silent for half an hour is stale, so whoever says less is faster.
    took = min(took, _LONGEST_SILENCE * (len(log) + 1))
    evidence = tuple(script.Point(at, True, check[1]) for at, check in enumerate(checks, 1))
    notes = tuple(script.Point(at, True, check[2]) for at, check in enumerate(checks, 1))
    for at, line in enumerate(log, 1):
        kind, _, text = line.partition(": ")
        yield step(took * at / (len(log) + 1), worker, kind, text)
    yield step(took, worker, "submit", summary, evidence)
    if bounced:
        missed = (*notes[:-1], script.Point(len(checks), False, bounced))
        yield step(took + 24, reviewer, "reject", "Nearly there.", missed)
        yield step(took + 29, worker, "claim", "")
        took += _AGAIN + 29
        yield step(took, worker, "submit", f"{summary}. Now with what the review missed", evidence)
    yield step(took + review, reviewer, "approve", "", notes)


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"at": script.ago(row["at"])}


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
