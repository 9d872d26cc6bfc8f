"""Questions about the scheduler, beside those about the board."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django_q.models import Failure, OrmQ

from agentboard import health
from tasks.admin import questions, showing
from tasks.admin.questions import Answer


def answers(*, now: datetime) -> list[Answer]:
    """What an operator asks first, each in one query."""
    return [*questions.answers(now=now), _failed(now), _queued(now), _last_run(now)]


def _failed(now: datetime) -> Answer:
    address = reverse("admin:django_q_failure_changelist")
    times = Failure.objects.order_by("-stopped").values_list("stopped", flat=True)
    most = list(times[: questions.COUNTED_TO + 1])
    means = "Runs of the scheduler's jobs that failed."
    return questions.told("Failed jobs", means, address, most, now=now, form="{} ago")


def _queued(now: datetime) -> Answer:
    address = reverse("admin:django_q_ormq_changelist")
    times = OrmQ.objects.order_by("lock").values_list("lock", flat=True)
    late = list(times.filter(lock__lte=now - health.LATE)[: questions.COUNTED_TO + 1])
    means = "Due, and not begun for more than a minute; nobody may be doing them."
    return questions.told("Jobs that wait", means, address, late, now=now)


def _last_run(now: datetime) -> Answer:
    last = health.last_successes()
    missed = health.overdue(last, now=now)
    newest = max(last.values(), default=None)
    means = f"Overdue: {', '.join(missed)}." if missed else "Every job has succeeded lately."
    count = f"{len(missed)} overdue" if missed else ("runs" if newest else "not yet")
    address = reverse("admin:django_q_schedule_changelist")
    since = format_html("{} ago", showing.age(newest, now=now)) if newest else ""
    return Answer("Scheduler's last run", means, count, bool(missed), since, address)
