"""Passages: where the words of a search stand in a text, cut into parts that are a match and parts that are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tasks.queries import search

_AROUND = 60


class Part(NamedTuple):
    """A piece of a text, and whether it is one of the words that were looked for."""

    text: str
    found: bool


def marked(text: str, question: str) -> list[Part]:
    """The whole text in parts."""
    pattern = _pattern(question)
    return list(_parts(text, pattern)) if pattern else [Part(text, False)]


def around(text: str, question: str, *, most: int) -> list[Part]:
    """About `most` characters of the text around the first match, in parts; its beginning, if there is none."""
    line = " ".join(text.split())
    pattern = _pattern(question)
    match = pattern.search(line) if pattern else None
    start = max(0, match.start() - _AROUND) if match else 0
    start = line.find(" ", start) + 1 if start else 0
    cut = line[start : start + most]
    before, after = "…" if start else "", "…" if start + most < len(line) else ""
    return marked(f"{before}{cut}{after}", question)


def _pattern(question: str) -> re.Pattern[str] | None:
    words = sorted(search.words(question), key=len, reverse=True)
    if not words:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})", re.IGNORECASE)


def _parts(text: str, pattern: re.Pattern[str]) -> Sequence[Part]:
    parts, at = [], 0
    for match in pattern.finditer(text):
        parts += [Part(text[at : match.start()], False), Part(match[0], True)]
        at = match.end()
    return [part for part in (*parts, Part(text[at:], False)) if part.text]
