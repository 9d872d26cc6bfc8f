"""Highlights: which entries of a log are shown where there is no room for all of them.

First what keeps the next one from doing a thing twice: of each of the kinds in IMPORTANT the newest entry, then of each
the second newest, and so on; then everything else, newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from tasks.models import Comment
from tasks.queries.excerpts import Excerpt

IMPORTANT = ("failed", "decision", "pending", "question")
KINDS = (*IMPORTANT, *(kind for kind in Comment.Kind.values if kind not in IMPORTANT))


class Entry(NamedTuple):
    """One entry of a log; `id` grows with time."""

    id: int
    by: str
    kind: str
    at: datetime
    text: Excerpt


# Each kind is a probe of an index, so that ten thousand notes do not stand before one decision.
_NEWEST = (
    "SELECT * FROM (SELECT c.id, c.kind, c.author_id, c.created_at, length(c.text) AS length,"
    " substr(c.text, 1, %(head)s) AS head, {tail} AS tail FROM tasks_comment c"
    " WHERE c.task_id = {task} AND c.kind = '{kind}' ORDER BY c.id DESC LIMIT %(newest)s) {kind}_entries"
)
_TAIL = {"sqlite": "substr(c.text, -%(tail)s)", "postgresql": "right(c.text, %(tail)s)"}


def sql(vendor: str, *, task: str) -> str:
    """A query for the newest `newest` entries of each kind of a task's log, in any order.

    `task` is SQL for its id. Columns: id, kind, author_id, created_at, length, and the first `head` and last `tail`
    (parameters, too) characters of the text.
    """
    return " UNION ALL ".join(_NEWEST.format(task=task, kind=kind, tail=_TAIL[vendor]) for kind in KINDS)


def choose(entries: Sequence[Entry], *, room: int, cost: Callable[[Entry], int]) -> list[Entry]:
    """The most important entries that together cost no more than `room`, in the order they were written.

    Nothing is shown instead of something more important, however small it is.
    """
    chosen = []
    for entry in _by_importance(entries):
        room -= cost(entry)
        if room < 0:
            break
        chosen.append(entry)
    return sorted(chosen, key=lambda entry: entry.id)


def _by_importance(entries: Sequence[Entry]) -> list[Entry]:
    met = dict.fromkeys(KINDS, 0)
    important, others = [], []
    for entry in sorted(entries, key=lambda entry: -entry.id):
        if entry.kind in IMPORTANT:
            important.append((met[entry.kind], IMPORTANT.index(entry.kind), entry))
            met[entry.kind] += 1
        else:
            others.append(entry)
    return [entry for *_, entry in sorted(important, key=lambda one: one[:2])] + others
