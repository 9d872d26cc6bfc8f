"""Accounts: what the log of a task says was done, is pending and is to be watched out for.

Whoever goes silent hands nothing over; this is what the board can hand over in its place. The same log gives the same
account.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tasks.models import Comment
from tasks.queries import planned

# The newest entries that are read, and the characters that one of them and each part of the account may take.
ENTRIES = 40
LONGEST_ENTRY = 400
LONGEST_PART = 2000

_SQL = """
SELECT t.id, (SELECT {array}(x.j) FROM (
    SELECT {object}('by', a.name, 'kind', c.kind, 'text', substr(c.text, 1, %(most)s)) AS j
    FROM tasks_comment c JOIN tasks_agent a ON a.id = c.author_id
    WHERE c.task_id = t.id AND c.kind <> 'move' ORDER BY c.id DESC LIMIT %(entries)s) x)
FROM tasks_task t WHERE {wanted}
"""
_DIALECTS = {
    "sqlite": {
        "array": "json_group_array",
        "object": "json_object",
        "wanted": "t.id IN (SELECT value FROM json_each(%(ids)s))",
    },
    "postgresql": {"array": "json_agg", "object": "json_build_object", "wanted": "t.id = ANY(%(ids)s)"},
}
_PART_OF = {
    Comment.Kind.NOTE: "done",
    Comment.Kind.TRIED: "done",
    Comment.Kind.PENDING: "pending",
    Comment.Kind.QUESTION: "pending",
    Comment.Kind.FAILED: "gotchas",
    Comment.Kind.DECISION: "gotchas",
}
_NOTHING = {
    "done": "The log names nothing that was done.",
    "pending": "The log names nothing that is pending; the criteria say what is to be done.",
    "gotchas": "The log names no failed attempt and no decision.",
}


@dataclass(frozen=True)
class Entry:
    """One entry of a log, by an agent."""

    by: str
    kind: str
    text: str


@dataclass(frozen=True)
class Account:
    """The three parts of a handoff, none of them blank."""

    done: str
    pending: str
    gotchas: str


def of_each(task_ids: Sequence[int]) -> dict[int, Account]:
    """The account of each of these tasks, in one query."""
    ids = json.dumps(list(task_ids)) if connection.vendor == "sqlite" else list(task_ids)
    parameters = {"ids": ids, "most": LONGEST_ENTRY + 1, "entries": ENTRIES}
    with planned.cursor() as cursor:
        cursor.execute(_SQL.format(**_DIALECTS[connection.vendor]), parameters)
        return {task_id: summarise(_entries(written)) for task_id, written in cursor.fetchall()}


def summarise(entries: Iterable[Entry]) -> Account:
    """The account of a log, of whose `entries` the oldest comes first: progress is done, pending and questions are
    pending, failed attempts and decisions are gotchas. Where it gets too long, the oldest go."""
    parts: dict[str, list[str]] = {name: [] for name in _NOTHING}
    for entry in entries:
        said = entry.text if len(entry.text) <= LONGEST_ENTRY else f"{entry.text[:LONGEST_ENTRY]}…"
        parts[_PART_OF[Comment.Kind(entry.kind)]].append(f"- {entry.kind} ({entry.by}): {said}")
    return Account(**{name: _bounded(lines) or _NOTHING[name] for name, lines in parts.items()})


def _bounded(lines: Sequence[str]) -> str:
    kept: list[str] = []
    room = LONGEST_PART
    for line in reversed(lines):
        room -= len(line) + 1
        if room < 0:
            kept.append(f"- ({len(lines) - len(kept)} earlier entries are in the log)")
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def _entries(written: Any) -> list[Entry]:
    rows = json.loads(written) if isinstance(written, str) else written or []
    found = [json.loads(row) if isinstance(row, str) else row for row in rows]
    return [Entry(**row) for row in reversed(found)]
