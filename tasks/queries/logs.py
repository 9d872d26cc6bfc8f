"""Logs in answers: bounded, so that a long text costs its reader a glance and not its context."""

from __future__ import annotations

# Characters of an entry that are shown from its beginning and from its end; a text of up to both is shown whole.
HEAD = 700
TAIL = 300


def cut(head: str, tail: str, length: int) -> str:
    """An entry of `length` characters, whole or cut in the middle with the number of characters left out.

    `head` and `tail` are its first HEAD and last TAIL characters.
    """
    if length <= HEAD:
        return head
    if length <= HEAD + TAIL:
        return head + tail[HEAD - length :]
    return f"{head} […{length - HEAD - TAIL} characters left out…] {tail}"


def shorten(text: str, most: int) -> str:
    """A text of at most `most` characters: whole, or cut in the middle with the number of characters left out."""
    if len(text) <= most:
        return text
    # The digits of the number never grow beyond those of the whole length.
    kept = max(0, most - len(f" […{len(text)} more…] "))
    head = kept - kept // 3
    return f"{text[:head]} […{len(text) - kept} more…] {text[len(text) - kept // 3 :]}"


def heading_of_handoff(number: int) -> str:
    """How the log names a handoff; a packet that shows the handoff leaves out the entry that begins so."""
    return f"handoff {number}"
