"""Full-text search over titles and descriptions, with the same answers on both databases.

Every word of the question must start a word of the text, in any order. There is no stemming: agents write code, in any
language, and a search that finds `lease` for `leasing` on one database only would be worse than none.
"""

from __future__ import annotations

import unicodedata

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from tasks.models import Task

# What both databases see as words, by Unicode category: letters and digits, with the marks that follow them. Joiners,
# variation selectors and numbers that are no digits (`½`) are parts of none.
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "Co"})
_MARKS = frozenset({"Mn", "Mc"})
_SELECTORS = "\ufe0e\ufe0f"
_MOST_WORDS = 12

_MATCHING = {
    "sqlite": ("SELECT rowid FROM tasks_search WHERE tasks_search MATCH %s", '"{}"*', " AND "),
    "postgresql": (
        "SELECT task_id FROM tasks_search WHERE document @@ to_tsquery('simple', %s)",
        "'{}':*",
        " & ",
    ),
}


def matching(tasks: QuerySet[Task], text: str) -> QuerySet[Task]:
    """Those of `tasks` whose title and description hold every word of `text`; none if it has no word."""
    words = _words(text)[:_MOST_WORDS]
    if not words:
        return tasks.none()
    sql, pattern, joint = _MATCHING[connection.vendor]
    return tasks.filter(pk__in=RawSQL(sql, [joint.join(pattern.format(word) for word in words)]))


def _words(text: str) -> list[str]:
    words = [""]
    for character in text:
        category = unicodedata.category(character)
        follows = category in _MARKS and character not in _SELECTORS and words[-1]
        if category in _LETTERS or follows:
            words[-1] += character
        elif words[-1]:
            words.append("")
    return [word for word in words if word]
