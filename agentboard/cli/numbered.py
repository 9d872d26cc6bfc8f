"""Numbered texts, `1=It works`: how a command line says something of each done criterion."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agentboard.cli import exits, long_text

_ITEM = re.compile(r"\s*(\d{1,9})\s*=(.*)", re.DOTALL)


def read(values: Iterable[str] | None, *, option: str) -> list[tuple[int, str]]:
    """The numbers and texts of values such as `1=It works`, in their order. Fails for any other value."""
    return [_read(value, option=option) for value in values or ()]


def read_file(file: str, *, option: str) -> list[tuple[int, str]]:
    """The same from a file (`-`: standard input): a line that begins so begins a text, which goes on to the next."""
    texts: list[str] = []
    for line in long_text.content(file).splitlines():
        if _ITEM.fullmatch(line) or not texts:
            texts += [line] if line.strip() else []
        else:
            texts[-1] += f"\n{line}"
    return read(texts, option=option)


def _read(value: str, *, option: str) -> tuple[int, str]:
    found = _ITEM.fullmatch(value)
    if not found or not found[2].strip():
        raise exits.Failure(
            exits.BAD_INPUT,
            f"{option}: '{value[:60]}' does not say which criterion it is about, and what.",
            fix=f'Write the number of the criterion first: {option} "1=It works: test_login passes".',
        )
    return int(found[1]), found[2].strip()
