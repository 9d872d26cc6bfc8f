"""Plain text for an agent's context or a terminal: nothing in it moves a cursor or reorders what is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

# Control characters, half of a surrogate pair, and the marks that turn the direction of writing.
_UNSEEN = ("Cc", "Cs")
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def clean(text: object) -> str:
    """The text without control characters; line breaks, which become newlines, and tabs stay."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or not _is_unseen(char))


def line(text: object) -> str:
    """The text cleaned and on one line."""
    return " ".join(clean(text).split())


def quoted(text: object) -> str:
    """The text cleaned, each line behind `> `: whoever reads it sees where somebody else's words begin and end."""
    return "\n".join(f"> {one}".rstrip() for one in clean(text).strip("\n").split("\n"))


def listed(values: Iterable[object]) -> str:
    """Values in one line with commas."""
    return ", ".join(line(value) for value in values)


def duration(seconds: float) -> str:
    """`45 s`, `14 min`, `3 h`, `2 d`: whole, rounded down."""
    size, unit = next((step for step in _STEPS if seconds >= step[0]), _STEPS[-1])
    return f"{int(seconds // size)} {unit}"


def facts(pairs: Iterable[tuple[str, Any]]) -> str:
    """`reviewer rita, labels a, b`: the pairs whose value says something, in one line."""
    return "; ".join(f"{name} {line(value)}".strip() for name, value in pairs if value not in (None, "", []))


def _is_unseen(char: str) -> bool:
    return char in _TURNS or unicodedata.category(char) in _UNSEEN
