"""Timelines: what was said and done about a task as one story, newest first, in pages.

The log tells every move that carries words; events tell the rest (a claim, an edit). Both are read newest first and
merged, each by its own id, so that a page ends at an exact place in both. Of the events a page looks through a fixed
number: most stand beside an entry of the log that tells the same, and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length, Substr

from tasks.models import Comment, Event

# Characters of an entry that a page shows; the whole of it has an address of its own.
SHOWN = 2000
# Each entry of the log has one event beside it, at the most two.
_EVENTS_AN_ENTRY = 3
_CURSOR = re.compile(r"([1-9][0-9]{0,17})?\.([1-9][0-9]{0,17})?")
_HEADING = re.compile(r"[^:\n]{1,120}")
# What a move is told in, each a paragraph of its own: it may begin with a list.
_PART = re.compile(r"^(Done|Pending|Gotchas|Needs|Waits for): ", re.MULTILINE)

# What a move did, in the words of a story; `reclaim` and `give_up` are the board's own.
_DEEDS = {
    re.compile(begins): told
    for begins, told in {
        r"submit (\d+)": r"handed it in, submission \1",
        r"approve (\d+)": r"approved submission \1",
        r"reject (\d+)": r"rejected submission \1",
        r"handoff (\d+) to the pool": r"handed it on to whoever comes, handoff \1",
        r"handoff (\d+) to (.+)": r"handed it on to \2, handoff \1",
        r"amend criteria to version (\d+)": r"amended the criteria, version \1",
        r"block (\d+)": r"blocked it, block \1",
        r"unblock": "unblocked it",
        r"release": "released it",
        r"cancel": "cancelled it",
        r"reopen": "re-opened it",
        r"override": "closed it without approval",
        r"unstick": "set it going again",
        r"reclaim": "took it back",
        r"give_up": "gave it up",
    }.items()
}

_SAID = [kind for kind in Comment.Kind.values if kind != Comment.Kind.MOVE]
_MOVED = Q(kind=Comment.Kind.MOVE)


def _begins(*verbs: str) -> Q:
    found = Q()
    for verb in verbs:
        found |= Q(text__startswith=verb)
    return _MOVED & found


# What a reader can ask for, and which entries of the log that is; `all` and `moves` hold the events, too.
FILTERS: dict[str, Q] = {
    "all": Q(),
    "comments": Q(kind__in=_SAID),
    "failed": Q(kind=Comment.Kind.FAILED),
    "decisions": Q(kind=Comment.Kind.DECISION),
    "questions": Q(kind=Comment.Kind.QUESTION),
    "reviews": _begins("submit ", "approve ", "reject ", "override"),
    "handoffs": _begins("handoff ", "read back "),
    "moves": _MOVED,
}
_WITH_EVENTS = ("all", "moves")


@dataclass(frozen=True)
class Entry:
    """One entry: `by` null is the board; `heading` is what a move did; `text` is Markdown, `left_out` is how many
    characters of it are not shown."""

    key: str
    kind: str
    at: datetime
    by: str | None
    heading: str
    text: str = ""
    left_out: int = 0

    @property
    def comment_id(self) -> int | None:
        """The id of the entry of the log that this is; None for an event."""
        return int(self.key[1:]) if self.key.startswith("c") else None


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and the cursor of the page of older ones; None where there are none."""

    entries: list[Entry]
    older: str | None


def page(task_id: int, *, limit: int, kind: str = "all", before: str | None = None) -> Page:
    """Up to `limit` entries of one of the FILTERS, those before the cursor `before` of an earlier page.

    An unknown filter is read as `all`, a cursor that is none as the beginning. Two queries.
    """
    found = _CURSOR.fullmatch(before or "")
    ends = {"c": int(found[1] or 0) if found else 0, "e": int(found[2] or 0) if found else 0}
    comments = _comments(task_id, FILTERS.get(kind, Q()), before=ends["c"], limit=limit + 1)
    looked = limit * _EVENTS_AN_ENTRY
    with_events = kind in _WITH_EVENTS or kind not in FILTERS
    events = _events(task_id, before=ends["e"], limit=looked + 1) if with_events else []
    entries: list[Entry] = []
    for one in _merged([_of_log(row) for row in comments], [_of_event(row) for row in events], looked):
        if len(entries) == limit:
            return Page(entries, f"{ends['c'] or ''}.{ends['e'] or ''}")
        ends[one.key[0]] = int(one.key[1:])
        if one.kind != "told":
            entries.append(one)
    more = len(events) > looked
    return Page(entries, f"{ends['c'] or ''}.{ends['e'] or ''}" if more else None)


def entry(task_id: int, comment_id: int) -> Entry | None:
    """One entry of a task's log, whole."""
    rows = Comment.objects.filter(task_id=task_id, pk=comment_id)
    found = rows.annotate(head=Substr("text", 1), length=Length("text")).values(*_COLUMNS).first()
    return _of_log(found) if found else None


_COLUMNS = ("pk", "kind", "created_at", "author__name", "head", "length")


def _comments(task_id: int, narrowed: Q, *, before: int, limit: int) -> list[Any]:
    rows = Comment.objects.filter(narrowed, task_id=task_id).order_by("-pk")
    rows = rows.filter(pk__lt=before) if before else rows
    shown = rows.annotate(head=Substr("text", 1, SHOWN), length=Length("text"))
    return list(shown.values(*_COLUMNS)[:limit])


def _events(task_id: int, *, before: int, limit: int) -> list[Any]:
    rows = Event.objects.filter(task_id=task_id).order_by("-pk")
    rows = rows.filter(pk__lt=before) if before else rows
    return list(rows.values("pk", "kind", "at", "agent__name", "data")[:limit])


def _merged(log: list[Entry], events: list[Entry], looked: int) -> Iterator[Entry]:
    """Both lists as one, the later first. It ends where the events that were looked through do, if there are more."""
    at, more = 0, len(events) > looked
    for one in events[:looked]:
        while at < len(log) and log[at].at >= one.at:
            yield log[at]
            at += 1
        yield one
    if not more:
        yield from log[at:]


def _of_log(row: dict[str, Any]) -> Entry:
    text, heading = row["head"], ""
    if row["kind"] == Comment.Kind.MOVE and (found := _HEADING.match(text)):
        heading = _told(found[0])
        text = _PART.sub(r"\n**\1**\n\n", text[found.end() :].lstrip(":\n ")).lstrip()
    left_out = max(0, row["length"] - len(row["head"]))
    return Entry(
        f"c{row['pk']}", row["kind"], row["created_at"], row["author__name"], heading, text, left_out
    )


def _told(deed: str) -> str:
    matches = ((pattern.fullmatch(deed), told) for pattern, told in _DEEDS.items())
    return next((found.expand(told) for found, told in matches if found), deed)


def _of_event(row: dict[str, Any]) -> Entry:
    says = _SAYS.get(row["kind"])
    kind, heading = ("event", says(row["data"])) if says else ("told", "")
    return Entry(f"e{row['pk']}", kind, row["at"], row["agent__name"], heading)


def _kept(data: dict[str, Any]) -> str:
    return f"kept it for {data.get('agent')}"


def _edited(data: dict[str, Any]) -> str:
    return "edited " + ", ".join(str(name).replace("_", " ") for name in data.get("fields", ()))


def _passed(data: dict[str, Any]) -> str:
    return f"passed the review on to {data.get('reviewer') or 'whoever takes it'}"


# The events that no entry of the log tells, as what was done.
_SAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "task.created": lambda data: "wrote it down",
    "task.imported": lambda data: "imported it",
    "task.claimed": lambda data: "claimed it",
    "task.edited": _edited,
    "task.reserved": _kept,
    "task.unreserved": lambda data: "freed it for anyone",
    "task.reservation_lapsed": lambda data: "the reservation lapsed; it is for anyone",
    "task.deferral_ended": lambda data: "its day has come",
    "task.review_taken": lambda data: "took the review",
    "task.review_passed": _passed,
    "task.human_answered": lambda data: "answered what it asked a human",
}
