"""Scripts: what is done with a task, as text that reads like a screenplay.

An entry is `-7:20 link tried: text`: when (hours and minutes before now, `-3d 7:20` with days, or `+12`, minutes after
the entry before), who, the verb, and what is said. The indented lines below it belong to it: `1: text` speaks to
criterion 1 (`!1: text`: it is not met), `needs: text` is a fact by name, anything else goes on with the line before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

_AGO = re.compile(r"-(?:(\d+)d )?(\d+):(\d\d)")
_ENTRY = re.compile(
    rf"(?:(?P<ago>{_AGO.pattern})|\+(?P<later>\d+)) (?P<who>\S+) (?P<verb>\w+)(?:: (?P<text>.+))?"
)
_POINT = re.compile(r"(?P<unmet>!?)(?P<number>\d+): (?P<text>.+)")
_FACT = re.compile(r"(?P<name>done|pending|gotchas|needs|waits|caveats|artifact|note): (?P<text>.+)")


@dataclass(frozen=True)
class Point:
    """What is said about one criterion, by its number."""

    number: int
    met: bool
    text: str


@dataclass(frozen=True)
class Step:
    """One entry: `at` is how long before now (negative), `facts` pairs names with texts."""

    at: timedelta
    who: str
    verb: str
    text: str = ""
    points: tuple[Point, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    def fact(self, name: str) -> str:
        """The fact of this name; empty if it is not said."""
        return next((text for key, text in self.facts if key == name), "")

    def every(self, name: str) -> list[str]:
        """All facts of this name."""
        return [text for key, text in self.facts if key == name]


class Unreadable(ValueError):
    """A line that is no entry and belongs to none."""


def ago(text: str) -> timedelta:
    """The time that `-3d 7:20` names: 3 days, 7 hours and 20 minutes before now, as a negative span."""
    found = _AGO.fullmatch(text)
    if found is None:
        raise Unreadable(f"'{text}' is no time such as -7:20 or -3d 7:20.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return -timedelta(days=days, hours=hours, minutes=minutes)


def read(text: str) -> list[Step]:
    """The steps of a script, in their order. Raises Unreadable, which names the line."""
    steps: list[Step] = []
    for entry in _entries(text):
        step = _read_entry(entry, steps[-1].at if steps else timedelta())
        if steps and step.at <= steps[-1].at:
            raise Unreadable(f"This is not after the entry before: {entry.first}")
        steps.append(step)
    return steps


@dataclass
class _Entry:
    """The first line of an entry, and what is indented below."""

    first: str
    below: list[str] = field(default_factory=list)


def _entries(text: str) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for line in text.strip("\n").splitlines():
        if line.strip() and not line.startswith(" "):
            if entry:
                yield entry
            entry = _Entry(line)
        elif entry:
            entry.below.append(line.strip())
        else:
            raise Unreadable(f"This belongs to no entry: {line}")
    if entry:
        yield entry


def _read_entry(entry: _Entry, before: timedelta) -> Step:
    found = _ENTRY.fullmatch(entry.first)
    if found is None:
        raise Unreadable(f"This is no entry: {entry.first}")
    at = ago(found["ago"]) if found["ago"] else before + timedelta(minutes=int(found["later"]))
    step = Step(at, found["who"], found["verb"], found["text"] or "")
    last = "text"
    for line in entry.below:
        step, last = _add(step, line, last)
    return step


def _add(step: Step, line: str, last: str) -> tuple[Step, str]:
    """The step with one more line, and what that line went on with."""
    if point := _POINT.fullmatch(line):
        one = Point(int(point["number"]), not point["unmet"], point["text"])
        return replace(step, points=(*step.points, one)), "point"
    if fact := _FACT.fullmatch(line):
        return replace(step, facts=(*step.facts, (fact["name"], fact["text"]))), "fact"
    if last == "point":
        *points, old = step.points
        return replace(step, points=(*points, replace(old, text=f"{old.text}\n{line}"))), last
    if last == "fact":
        *facts, (name, text) = step.facts
        return replace(step, facts=(*facts, (name, f"{text}\n{line}"))), last
    return replace(step, text=f"{step.text}\n{line}"), last
