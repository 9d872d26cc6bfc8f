"""Events: every change leaves one, in the transaction that made it, and whoever follows its kind is told there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tasks.domain import followers
from tasks.models import Agent
from tasks.queries import planned

RECORD = "INSERT INTO tasks_event (kind, at, task_id, agent_id, data)"
_INSERT = f"{RECORD} VALUES (%s, %s, %s, %s, %s)"


def record(
    event: str, *, now: datetime, task_id: int | None = None, by: Agent | None = None, **data: Any
) -> None:
    """Append an event. `event` is its kind, in the past tense, `by` null is the board itself, `data` is plain JSON."""
    at = connection.ops.adapt_datetimefield_value(now)
    with planned.cursor() as cursor:
        cursor.execute(_INSERT, [event, at, task_id, by.pk if by else None, json.dumps(data)])
    followers.tell(followers.Happening(event, now, task_id, by, data))


def record_many(
    event: str, task_ids: list[int], *, now: datetime, by: Agent | None = None, **data: Any
) -> None:
    """Append the same event for each of several tasks, in one statement."""
    record_all([followers.Happening(event, now, task_id, by, data) for task_id in task_ids])


def record_each(event: str, data: Mapping[int, dict[str, Any]], *, now: datetime) -> None:
    """Append an event of the board itself for each of several tasks, with its own data, in one statement."""
    record_all([followers.Happening(event, now, task_id, None, facts) for task_id, facts in data.items()])


def record_all(happenings: Sequence[followers.Happening]) -> None:
    """Append several events of any kinds, in one statement.

    It is written out, as is all else that is stored many at a time: to compose it takes the ORM longer than the
    database takes to store it, and others wait meanwhile.
    """
    adapt = connection.ops.adapt_datetimefield_value
    rows = [
        [one.kind, adapt(one.now), one.task_id, one.by.pk if one.by else None, json.dumps(one.data)]
        for one in happenings
    ]
    if rows:
        with planned.cursor() as cursor:
            cursor.executemany(_INSERT, rows)
    for one in happenings:
        followers.tell(one)
