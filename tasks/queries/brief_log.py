"""The log in a brief: its highlights, by kind."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.queries import highlights, stories
from tasks.queries.brief_parts import FEWEST, Item, Shown, time
from tasks.queries.excerpts import largest
from tasks.queries.highlights import Entry

# An entry is cut to this only where not all of them have room.
MOST = 1000

_HEADINGS = {"failed": "Failed", "decision": "Decisions", "pending": "Pending", "question": "Questions"}
_OTHERS = "Notes"


@dataclass(frozen=True)
class Log:
    """Entries of a log, of which `counts` says how many there are by kind. The least important ones go."""

    ref: str
    entries: Sequence[Entry]
    counts: dict[str, int]
    share: int
    least: int = 0
    waits: bool = False

    def within(self, room: int) -> Shown:
        chosen: Sequence[Entry] = self.entries
        fair = max(FEWEST, min(MOST, room // 4))
        if len(self._text(chosen, fair)) > room:
            headings = sum(len(_heading(name)) for name in (*_HEADINGS.values(), _OTHERS))
            chosen = highlights.choose(
                chosen, room=room - headings, cost=lambda entry: len(self._items[entry.id].shown(fair))
            )
        longest = max([fair, *(entry.text.length for entry in chosen)])
        most = largest(lambda most: len(self._text(chosen, most)) <= room, fair, longest)
        return Shown(self._text(chosen, most or fair), tuple(self._left_out(chosen)))

    def _text(self, chosen: Sequence[Entry], most: int) -> str:
        groups: dict[str, list[str]] = {name: [] for name in (*_HEADINGS.values(), _OTHERS)}
        for entry in chosen:
            groups[_HEADINGS.get(entry.kind, _OTHERS)].append(self._items[entry.id].shown(most))
        return "".join(_heading(name) + "".join(items) for name, items in groups.items() if items)

    @functools.cached_property
    def _items(self) -> dict[int, Item]:
        return {entry.id: self._item(entry) for entry in self.entries}

    def _item(self, entry: Entry) -> Item:
        kind = "" if entry.kind in _HEADINGS else f" {entry.kind},"
        label = f"{entry.by},{kind} {time(entry.at)}:"
        return Item(label, entry.text, f"GET /tasks/{self.ref}/comments?since={entry.id - 1}&limit=1")

    def _left_out(self, chosen: Sequence[Entry]) -> list[str]:
        shown = [entry.kind for entry in chosen]
        counts = {kind: self.counts.get(kind, 0) for kind in highlights.KINDS}
        return [
            f"{count - shown.count(kind)}{'+' if count >= stories.COUNTED_TO else ''} {kind}"
            for kind, count in counts.items()
            if count > shown.count(kind)
        ]


def _heading(name: str) -> str:
    return f"\n## {name}\n"
