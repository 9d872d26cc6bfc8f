"""Schedules: what is done by the clock, as data, and the clock.

django-q keeps each schedule in a row, which says when it is due next and can be read in Django admin. The table here is
the truth, and the rows follow it: a row that was deleted, doubled or spoilt by hand is put right at the next look. Of
any number of schedulers one puts a job that is due into the queue: whoever moves the row on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django_q.models import OrmQ
from django_q.models import Schedule as Row
from django_q.tasks import async_task

from agentboard import delivering
from tasks.domain import transactions, turns

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# So many jobs waiting mean that nobody does any; more of them would only be more to do at once some day.
_FULL = 50


@dataclass(frozen=True)
class Schedule:
    """A job, named as in Django admin, and how often it is done: at every full `every` since 1970.

    With `sooner` it is done before that, too, whenever that says at `now` that there is something to do.
    """

    name: str
    job: str
    every: timedelta
    sooner: Callable[[datetime], bool] | None = None

    def next_run(self, now: datetime) -> datetime:
        """The first time to come. What was missed is not caught up on: a job does all that is due by then."""
        return _EPOCH + ((now - _EPOCH) // self.every + 1) * self.every


def table() -> list[Schedule]:
    """All that is done by the clock. A job is a function without arguments that can be cut off and done again."""
    return [
        Schedule("flag_stale", "tasks.jobs.flag_stale", MINUTE),
        Schedule("take_back", "tasks.jobs.take_back", MINUTE),
        Schedule("lapse", "tasks.jobs.lapse", MINUTE),
        Schedule("notice_absence", "tasks.jobs.notice_absence", MINUTE),
        # Looked at every minute, so that one that failed is made up for; there is one in each period.
        Schedule("post_digest", "tasks.jobs.post_digest", min(MINUTE, settings.DIGEST_EVERY)),
        Schedule("number_events", "tasks.jobs.number_events", MINUTE),
        Schedule("deliver", "agentboard.delivering.deliver", MINUTE, delivering.is_wanted),
        Schedule("prune", "agentboard.pruning.prune", DAY),
    ]


def enqueue_due(*, now: datetime) -> list[str]:
    """Put the jobs that are due into the queue; gives their names. Failing of one does not stop the others."""
    rows = list(Row.objects.values())
    if _wrong(rows, now=now):
        synchronise(now=now)
        rows = list(Row.objects.values())
    due = {row["name"] for row in rows if row["next_run"] <= now}
    if due and OrmQ.objects.count() >= _FULL:
        logger.error("%d jobs wait and none is done; %s must wait too", _FULL, ", ".join(sorted(due)))
        return []
    queued = [one.name for one in table() if one.name in due and _enqueue(one, now=now)]
    early = [one for one in table() if one.sooner and one.name not in queued]
    return queued + [one.name for one in early if _enqueue_early(one, now=now)]


def synchronise(*, now: datetime) -> None:
    """Make the rows what the table says: one for each schedule, whatever is there. Done twice it changes nothing."""
    with transactions.change():
        turns.take(turns.Turn.SCHEDULES)
        kept: dict[str, dict[str, Any]] = {}
        wanted = {one.name: one for one in table()}
        for row in Row.objects.order_by("pk").values():
            if row["name"] in wanted and row["name"] not in kept:
                kept[row["name"]] = row
            else:
                Row.objects.filter(pk=row["id"]).delete()
        for name, one in wanted.items():
            if name not in kept:
                Row.objects.create(**_columns(one), next_run=now)
            elif not _is_right(kept[name], one, now=now):
                next_run = min(kept[name]["next_run"], one.next_run(now))
                Row.objects.filter(pk=kept[name]["id"]).update(**_columns(one), next_run=next_run)


def _enqueue(one: Schedule, *, now: datetime) -> bool:
    try:
        with transactions.change():
            turned = Row.objects.filter(name=one.name, next_run__lte=now).update(next_run=one.next_run(now))
            if turned:
                async_task(one.job, q_options={"group": one.name, "task_name": one.name})
    except Exception:
        logger.exception("Cannot put %s into the queue", one.name)
        return False
    return bool(turned)


def _enqueue_early(one: Schedule, *, now: datetime) -> bool:
    """Queue a job that has something to do before it is due, unless it is waiting or at work already."""
    try:
        if not one.sooner or not one.sooner(now):
            return False
        with transactions.change():
            turns.take(turns.Turn.SCHEDULES)
            if any(job.group() == one.name for job in OrmQ.objects.all()):
                return False
            async_task(one.job, q_options={"group": one.name, "task_name": one.name})
    except Exception:
        logger.exception("Cannot put %s into the queue", one.name)
        return False
    return True


def _wrong(rows: Sequence[dict[str, Any]], *, now: datetime) -> bool:
    by_name = {row["name"]: row for row in rows}
    wanted = table()
    if len(rows) != len(wanted) or by_name.keys() != {one.name for one in wanted}:
        return True
    return not all(_is_right(by_name[one.name], one, now=now) for one in wanted)


def _is_right(row: dict[str, Any], one: Schedule, *, now: datetime) -> bool:
    columns = _columns(one)
    return {name: row[name] for name in columns} == columns and row["next_run"] <= one.next_run(now)


def _columns(one: Schedule) -> dict[str, Any]:
    # What an operator reads there; the column for the minutes is a small one.
    minutes = min(max(1, int(one.every / MINUTE)), 32767)
    shown = {"schedule_type": Row.MINUTES, "minutes": minutes, "repeats": -1}
    unused = {"hook": None, "args": None, "kwargs": None, "cron": None, "cluster": None}
    return {"name": one.name, "func": one.job, "intended_date_kwarg": None, **shown, **unused}
