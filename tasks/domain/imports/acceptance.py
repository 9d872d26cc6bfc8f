"""Acceptance: done criteria out of a text that was written for people, a list or prose."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLET = re.compile(r"(?P<indent> *)(?:(?:[-*+•‣▪]|\(?\d{1,3}[.)])(?= |$)|(?=\[[ xX✓]?\] ))(?P<text>.*)")
_CHECKBOX = re.compile(r"\[[ xX✓]?\](?: |$)")
_RULE = re.compile(r"[-*_=]{3,}|(?:[-*_] ){2,}[-*_]")
_HASH_HEADING = re.compile(r" *#{1,6}(?: .*)?")
_INTRODUCTION = re.compile(r".*:[*_]*")


@dataclass
class _Item:
    """A bullet with its indentation, or a paragraph (None)."""

    text: str
    indent: int | None = None


def criteria(text: str) -> list[str]:
    """One criterion for each top-level bullet of a list, and one for each paragraph outside of lists.

    Nested bullets and continued lines belong to the bullet above them. Headings and lines that introduce a list
    ("It is done when:") are left out, unless there is nothing else.
    """
    items = [item for item in _items(text) if item.text]
    said = [item.text for item in items if item.indent is not None or not _introduces(item.text)]
    return said or [item.text for item in items]


def _items(text: str) -> list[_Item]:
    items: list[_Item] = []
    apart = True  # whether an unindented line now begins a paragraph
    for line in (line.expandtabs(4).rstrip() for line in text.splitlines()):
        if not line or _RULE.fullmatch(line.strip()):
            apart = True
            continue
        heading, bullet = _HASH_HEADING.fullmatch(line), _BULLET.fullmatch(line)
        if bullet:
            _add_bullet(
                items, len(bullet["indent"]), _CHECKBOX.sub("", bullet["text"].strip(), count=1).strip()
            )
        elif heading or not items or (apart and not line.startswith(" ")):
            items.append(_Item(line.strip()))
        else:
            _join(items[-1], line.strip(), " ")
        apart = heading is not None
    return items


def _add_bullet(items: list[_Item], indent: int, text: str) -> None:
    above = items[-1].indent if items else None
    # One column more is a crooked list, not a nested one.
    if above is not None and indent > above + 1:
        _join(items[-1], text, "; ")
    else:
        items.append(_Item(text, indent))


def _join(item: _Item, more: str, joint: str) -> None:
    if item.text and more:
        more = f"{item.text}{' ' if item.text.endswith(':') else joint}{more}"
    item.text = more or item.text


def _introduces(text: str) -> bool:
    return bool(_HASH_HEADING.fullmatch(text) or _INTRODUCTION.fullmatch(text))
