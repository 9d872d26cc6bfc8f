"""Excerpts: what somebody wrote, in a message that the board makes of it: bounded, and seen to be a quotation."""

from __future__ import annotations

from channels_app.domain import limits


def cut(text: str, most: int) -> str:
    """The beginning of the text, at most `most` characters with the mark that says that it goes on."""
    text = text.strip()
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def quoted(text: str) -> str:
    """The beginning of the text as a quotation in Markdown: nothing in it can reach beyond."""
    return "\n".join(f"> {line}".rstrip() for line in cut(text, limits.QUOTED).splitlines())
