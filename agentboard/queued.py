"""Jobs in the queue and failures of jobs: an operator brings a job forward, or drops what is left of one.

Nothing here can stop the scheduler: a schedule is brought forward by its date alone, which the clock moves on again.
"""

from __future__ import annotations

from datetime import datetime

from django_q.models import Failure, OrmQ
from django_q.models import Schedule as Row

from agentboard import schedules
from tasks.domain import transactions
from tasks.domain.refusals import Missing


class NoSuchJob(Missing):
    """The table of schedules has no such job, or it is gone from where it was."""


def bring_forward(name: str, *, now: datetime) -> None:
    """Have the clock start the job of this schedule at its next look, once, however often it is asked to.

    Refused as NoSuchJob for a name that is not in the table of schedules.
    """
    schedules.synchronise(now=now)
    with transactions.statement():
        if not Row.objects.filter(name=name).update(next_run=now):
            raise NoSuchJob(f"No job is called '{name[:100]}'.", fix="GET /health names those that are late.")


def drop(job_id: int) -> None:
    """Take a job out of the queue; what is done by the clock is due again in its period. Refused as NoSuchJob."""
    with transactions.change():
        if not OrmQ.objects.filter(pk=job_id).delete()[0]:
            raise NoSuchJob("It has left the queue already.", fix="GET /health says how the scheduler is.")


def forget(failure_id: str) -> None:
    """Remove what is kept of a failed run. Refused as NoSuchJob when there is nothing any more."""
    with transactions.change():
        if not Failure.objects.filter(pk=failure_id).delete()[0]:
            raise NoSuchJob("It is forgotten already.", fix="GET /health says how the scheduler is.")
