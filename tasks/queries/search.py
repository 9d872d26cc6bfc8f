"""Full-text search over what agents and people write, with the same answers on both databases.

Every word of the question must start a word of the text, in any order. There is no stemming: agents write code, in any
language, and a search that finds `lease` for `leasing` on one database only would be worse than none.
"""

from __future__ import annotations

import unicodedata
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from tasks.models import Task

# What both databases see as words, by Unicode category: letters and digits, with the marks that follow them. Joiners,
# variation selectors and numbers that are no digits (`½`) are parts of none.
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "Co"})
_MARKS = frozenset({"Mn", "Mc"})
_SELECTORS = "\ufe0e\ufe0f"
_MOST_WORDS = 12

_MATCHING = {
    "sqlite": ("SELECT rowid FROM {table} WHERE {table} MATCH %s", '"{}"*', " AND "),
    "postgresql": ("SELECT {key} FROM {table} WHERE document @@ to_tsquery('simple', %s)", "'{}':*", " & "),
}
_M = TypeVar("_M", bound=Model)


def matching(tasks: QuerySet[Task], text: str) -> QuerySet[Task]:
    """Those of `tasks` whose title and description hold every word of `text`; none if it has no word."""
    return among(tasks, text, table="tasks_search", key="task_id")


def among(rows: QuerySet[_M], text: str, *, table: str, key: str, first: bool = False) -> QuerySet[_M]:
    """Those of `rows` that hold every word of `text`, by the index `table`, whose `key` is theirs on PostgreSQL.

    `first`: the words are looked up before any row is read. Left to itself PostgreSQL takes every word for a common one
    (it expects half a percent of all rows), and may read them all to find the few that hold a rare one.
    """
    looked_for = words(text)
    if not looked_for:
        return rows.none()
    sql, pattern, joint = _MATCHING[connection.vendor]
    asked = joint.join(pattern.format(word) for word in looked_for)
    found = sql.format(table=table, key=key)
    if first and connection.vendor == "postgresql":
        # Of an array it expects ten.
        found = f"SELECT unnest(ARRAY({found}))"
    return rows.filter(pk__in=RawSQL(found, [asked]))


def words(text: str) -> list[str]:
    """The words that a search for `text` looks for: the first twelve, as both databases see words."""
    found = [""]
    for character in text:
        category = unicodedata.category(character)
        follows = category in _MARKS and character not in _SELECTORS and found[-1]
        if category in _LETTERS or follows:
            found[-1] += character
        elif found[-1]:
            found.append("")
    return [word for word in found if word][:_MOST_WORDS]
