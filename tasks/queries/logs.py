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
