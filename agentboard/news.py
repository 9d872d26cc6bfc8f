"""News: what the server's feed tells those who listen, read from the event log."""

from __future__ import annotations

from agentboard.serve.feed import Frame, Seen
from tasks.api import event_stream
from tasks.domain import sequence

AT_ONCE = 500


def look(seq: int) -> Seen:
    """The events after `seq`, at most AT_ONCE, encoded as they are sent."""
    page = sequence.after(seq, limit=AT_ONCE)
    frames = [Frame(entry.seq, event_stream.tags(entry), event_stream.frame(entry)) for entry in page.entries]
    return Seen(frames, page.more)
