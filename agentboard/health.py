"""Health: whether the server can do its work now, and whether somebody looks after the board."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.models import Max
from django.http import HttpResponse
from django.utils import timezone
from django_q.models import Success
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

import agentboard
from agentboard import schedules
from tasks.api import problems
from tasks.api.calls import Call

# A job that has not succeeded for so many of its periods is missed.
PERIODS = 3
# A job that is due is begun within seconds, if anybody does them.
LATE = timedelta(minutes=1)
# A server that has just been started has not had the time to see a job succeed.
started = timezone.now()


class Health(Call):
    """`GET /health`."""

    public = True

    @extend_schema(operation_id="health", responses=dict)
    def get(self, request: Request) -> Response | HttpResponse:
        """200 when the database answers and the scheduler has run lately, else 503 naming what is wrong."""
        try:
            last = last_successes()
        except DatabaseError as error:
            return problems.problem(
                503, "unavailable", f"The database does not answer: {str(error).strip()[:200]}",
                fix="Call again in a few seconds.", headers={"Retry-After": "5"},
            )  # fmt: skip
        if missed := overdue(last, now=self.now):
            return problems.problem(
                503, "unavailable", _sentence(missed, last),
                fix="Run `agentboard scheduler`, or all of it with `agentboard up`; its log says why a job fails.",
                headers={"Retry-After": "60"}, overdue=missed,
            )  # fmt: skip
        facts = {"status": "ok", "version": agentboard.__version__, "database": connection.vendor}
        return Response(facts | {"scheduler": {"last_run": max(last.values(), default=None)}})


def overdue(last: dict[str, datetime], *, now: datetime) -> list[str]:
    """The schedules whose job has not succeeded for PERIODS of its periods, counted from the start of this process at
    the earliest; `last` is when each did."""
    return [
        one.name
        for one in schedules.table()
        if now - max(last.get(one.name, started), started) > PERIODS * one.every
    ]


def last_successes() -> dict[str, datetime]:
    """When each job, by the name of its schedule, has succeeded last."""
    found = Success.objects.order_by().values_list("group").annotate(Max("stopped"))
    return dict(found)


def _sentence(missed: list[str], last: dict[str, datetime]) -> str:
    newest = max(last.values(), default=None)
    if any(one.name not in missed for one in schedules.table() if one.every == schedules.MINUTE):
        return f"The scheduler runs, but has not succeeded for {PERIODS} periods with {', '.join(missed)}."
    when = f"since {newest:%Y-%m-%d %H:%M:%S} UTC" if newest else "yet"
    return f"No scheduler has run {when}; overdue: {', '.join(missed)}."
