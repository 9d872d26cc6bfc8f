"""The parts of a brief. Each shows itself within the room it is given, in characters, and names what it left out."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from tasks.queries.excerpts import Excerpt, block, inline, largest, line, plain
from tasks.queries.stories import Story

# A text that would be cut to less than this many characters is left out instead, or, of a criterion, cut more tersely.
FEWEST = 40


class Shown(NamedTuple):
    """What a part shows, ending in a line break unless it is empty, and what it leaves out, in a few words each."""

    text: str
    left_out: tuple[str, ...] = ()


class Part(Protocol):
    """A part of a brief. `least` is the room without which it cannot be, `share` its percentage of what is scarce;
    one that `waits` gets more than that only when the others have what they want."""

    @property
    def share(self) -> int: ...

    @property
    def least(self) -> int: ...

    @property
    def waits(self) -> bool: ...

    def within(self, room: int) -> Shown: ...


@dataclass(frozen=True)
class Item:
    """A text somebody wrote, under a line of the board's own that says what it is, if it needs one."""

    label: str
    text: Excerpt
    where: str

    def shown(self, most: int) -> str:
        """The item with its text cut to `most` characters."""
        return (f"{self.label}\n" if self.label else "") + block(self.text, most, where=self.where)


@dataclass(frozen=True)
class Passage:
    """Texts under a heading, the most important first. All are cut alike; if that is not enough the last ones go."""

    name: str
    heading: str
    items: Sequence[Item]
    share: int
    least: int = 0
    waits: bool = False

    def within(self, room: int) -> Shown:
        count = largest(lambda count: self._fits(count, FEWEST, room), 1, len(self.items))
        if count is None:
            return Shown("", (self.name,) if self.items else ())
        longest = max(FEWEST, *(item.text.length for item in self.items[:count]))
        most = largest(lambda most: self._fits(count, most, room), FEWEST, longest)
        assert most is not None
        left_out = () if count == len(self.items) else (f"part of {self.name}",)
        return Shown(self._text(count, most), left_out)

    def _fits(self, count: int, most: int, room: int) -> bool:
        return len(self._text(count, most)) <= room

    def _text(self, count: int, most: int) -> str:
        return f"\n## {self.heading}\n" + "".join(item.shown(most) for item in self.items[:count])


@dataclass(frozen=True)
class Lines:
    """Lines of the board's own under a heading, the most important first; the last ones go. `total` is how many
    there are in all."""

    name: str
    heading: str
    lines: Sequence[str]
    total: int
    share: int
    least: int = 0
    waits: bool = False

    def within(self, room: int) -> Shown:
        count = largest(lambda count: len(self._text(count)) <= room, 1, len(self.lines)) or 0
        left_out = (f"{self.total - count} {self.name}",) if self.total > count else ()
        return Shown(self._text(count) if count else "", left_out)

    def _text(self, count: int) -> str:
        return f"\n## {self.heading}\n" + "".join(f"{one}\n" for one in self.lines[:count])


@dataclass(frozen=True)
class Criteria:
    """The done criteria, every one of them in any room: cut alike, at the last to a number and one character each.

    100 of them with their numbers take at most 589 characters so, which a brief of 150 tokens has.
    """

    story: Story
    share: int = 30
    waits: bool = False

    @property
    def least(self) -> int:
        return len(self._tersely(1))

    def within(self, room: int) -> Shown:
        longest = max([FEWEST, *(len(text) for _, text in self._texts)])
        most = largest(lambda most: len(self._at_length(most)) <= room, FEWEST, longest)
        if most is not None:
            return Shown(self._at_length(most))
        most = largest(lambda most: len(self._tersely(most)) <= room, 1, longest)
        return Shown(self._tersely(most or 1))

    @functools.cached_property
    def _texts(self) -> list[tuple[int, str]]:
        return [(number, plain(text).strip()) for number, text in self.story.criteria]

    @functools.cached_property
    def _single_lines(self) -> list[tuple[int, str]]:
        return [(number, line(text)) for number, text in self._texts]

    def _at_length(self, most: int) -> str:
        if not self._texts:
            return "\n## Done criteria\nNone yet; before it has some, the task is given to nobody.\n"
        cut = any(len(text) > most for _, text in self._texts)
        where = f"; whole: GET /tasks/{self.story.task.ref}" if cut else ""
        met, states = self._met(), {True: "[x]", False: "[-]", None: "[ ]"}
        lines = [
            f"{number}. {states[met.get(number)]} {inline(text, most)}\n" for number, text in self._texts
        ]
        return f"\n## Done criteria ([x] met, [-] not met, [ ] not judged{where})\n" + "".join(lines)

    def _tersely(self, most: int) -> str:
        left_out = sum(max(0, len(text) - most) for _, text in self._single_lines)
        met, states = self._met(), {True: "+", False: "-", None: " "}
        legend = ", + met - not" if met else ""
        lines = [f"{number}{states[met.get(number)]}{text[:most]}\n" for number, text in self._single_lines]
        return f"## Criteria, cut by {left_out}{legend}: GET /tasks/{self.story.task.ref}\n" + "".join(lines)

    def _met(self) -> dict[int, bool]:
        judged = self.story.judged
        return {number: met for number, met, _ in judged.findings} if judged else {}


def time(at: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
