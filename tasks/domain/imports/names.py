"""Names: what other programs call their agents, as names that are valid here."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from tasks.domain import agents

_LONGEST = 40
_RUNS = re.compile(r"[^a-z0-9._-]+")


def agent(text: str) -> str:
    """The agent's name for `text`: itself if it is one, else made of it, the same every time."""
    if agents.NAME.fullmatch(text) and text not in agents.RESERVED_NAMES:
        return text
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    slug = _RUNS.sub("-", plain).strip("-._")
    if slug and len(slug) <= _LONGEST and slug not in agents.RESERVED_NAMES:
        return slug
    # Names that differ only in what a name here cannot hold stay different agents.
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{slug[: _LONGEST - 9].rstrip('-._') or 'agent'}-{mark}"
