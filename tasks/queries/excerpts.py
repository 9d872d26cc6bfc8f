"""Excerpts: texts of agents shown in little room, so that nobody takes them for words of the board.

Every line of such a text stands behind `> `; what the board says about it, such as how much is left out, never does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

# All that ends a line for some reader becomes a line break; control characters and the marks that turn the direction
# of writing, which act on a terminal, become spaces. Each is one character for one, so lengths stay true.
_BREAKS = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ACTING = re.compile("[\0-\x08\x0e-\x1b\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARK = 60  # characters at most that say how many are left out


class Excerpt(NamedTuple):
    """A text of `length` characters: its first ones in `head` (all of them, if they fit there), its last in `tail`."""

    head: str
    tail: str
    length: int

    @classmethod
    def of(cls, text: str) -> Excerpt:
        """All of a text."""
        return cls(text, text, len(text))

    @property
    def is_known(self) -> bool:
        """Whether `head` is all of it."""
        return self.length <= len(self.head)

    def ends(self, most: int) -> tuple[str, str]:
        """Its first and last characters, up to `most` in all but never all of it, seven tenths from the beginning."""
        most = min(most, self.length - 1)
        last = min(most * 3 // 10, len(self.tail))
        return self.head[: most - last], self.tail[len(self.tail) - last :]


def plain(text: str) -> str:
    """The text with line breaks of one kind and nothing that acts on a terminal, each character still in its place."""
    # Looked for first: it takes a tenth of the time that looking each character up in a table takes.
    return _ACTING.sub(" ", _BREAKS.sub("\n", text.replace("\r\n", " \n")))


def line(text: str) -> str:
    """The text on one line."""
    return " ".join(plain(text).split())


def quoted(text: str) -> str:
    """The text with each of its lines behind `> `."""
    return "\n".join(f"> {one}".rstrip() for one in plain(text).split("\n"))


def block(text: Excerpt, most: int, *, where: str) -> str:
    """The text quoted, ending in a line break; cut in the middle to `most` characters if that is shorter.

    A line of the board's own then says how many are left out, and `where` the whole can be read.
    """
    whole = None
    # What is a little too long may still be shorter than its cut.
    if text.is_known and text.length <= most + len(where) + _MARK:
        whole = quoted(text.head) + "\n"
    if whole is not None and text.length <= most:
        return whole
    first, last = text.ends(most)
    left_out = text.length - len(first) - len(last)
    cut = f"{quoted(first)}\n[…{left_out} characters left out: {where}…]\n{quoted(last)}\n"
    return whole if whole is not None and len(whole) <= len(cut) else cut


def inline(text: str, most: int) -> str:
    """The text, of which further lines stand behind `> `; cut in the middle to `most` characters if that is shorter."""
    whole = quoted(text)[2:] if len(text) <= most + _MARK else None
    if whole is not None and len(text) <= most:
        return whole
    first, last = Excerpt.of(text).ends(most)
    cut = quoted(f"{first} […{len(text) - len(first) - len(last)} characters left out…] {last}")[2:]
    return whole if whole is not None and len(whole) <= len(cut) else cut


def largest(fits: Callable[[int], bool], low: int, high: int) -> int | None:
    """The largest number from `low` to `high` that fits, if the smaller ones fit as well; None if `low` does not."""
    if high < low or not fits(low):
        return None
    if fits(high):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
