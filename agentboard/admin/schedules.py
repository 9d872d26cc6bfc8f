"""Schedules: what is done by the clock, how it went last, and when it is done next."""

from __future__ import annotations

import importlib
from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_q.models import Failure, Schedule, Success

from agentboard import queued, schedules
from agentboard.admin.jobs import Jobs
from tasks import durations
from tasks.admin import showing
from tasks.admin.verbs import Nothing, Verb

admin.site.unregister(Schedule)


def _run_now(row: Schedule, *, by: Any, now: Any) -> None:
    queued.bring_forward(row.name, now=now)


RUN_NOW = Verb[Schedule](
    "run_now",
    "Run now",
    "The scheduler begins the job within seconds, besides its usual times.",
    Nothing,
    _run_now,
    lambda row: "due at once",
)


@admin.register(Schedule)
class ScheduleAdmin(Jobs):
    """One for each row of `agentboard.schedules`, which they follow; only the time can be brought forward."""

    filled_by = "The scheduler writes its schedules down when it starts."
    verbs = {RUN_NOW.name: RUN_NOW}
    ordering = ["name"]
    list_display = ["name", "does", "every", "due", "succeeded", "failed"]
    fields = ["name", "does", "func", "every", "next_run", "succeeded", "failed"]
    readonly_fields = ["does", "every", "succeeded", "failed"]
    named = ("schedule", "schedules")

    def complete(self, rows: list[Schedule]) -> list[Schedule]:
        """With when each has succeeded and failed last, in two queries."""
        names = [row.name for row in rows]
        for kind, model in (("last_success", Success), ("last_failure", Failure)):
            newest = model.objects.filter(group__in=names).order_by().values_list("group")
            times = dict(newest.annotate(Max("stopped")))
            for row in rows:
                setattr(row, kind, times.get(row.name))
        return rows

    def get_object(self, request: HttpRequest, *which: Any) -> Schedule | None:
        row = super().get_object(request, *which)
        return self.complete([row])[0] if row else None

    def described(self, row: Schedule) -> tuple[str, str, str]:
        return row.name, self.does(row), f"due {row.next_run:%Y-%m-%d %H:%M:%S} UTC"

    @admin.display(description="What it does")
    def does(self, row: Schedule) -> str:
        """The first line of the job's own docstring."""
        room, _, name = str(row.func).rpartition(".")
        if row.func not in {one.job for one in schedules.table()}:
            return ""
        job = getattr(importlib.import_module(room), name)
        return (job.__doc__ or "").strip().partition("\n")[0]

    @admin.display(description="Every")
    def every(self, row: Schedule) -> str:
        """The period."""
        found = next((one for one in schedules.table() if one.name == row.name), None)
        return durations.write(int(found.every.total_seconds())) if found else ""

    @admin.display(description="Next run")
    def due(self, row: Schedule) -> SafeString | str:
        """When it is done next; how long it has been due, if nobody does it."""
        now = timezone.now()
        age = showing.age(row.next_run, now=now)
        return age if row.next_run > now else format_html("due for {}", age)

    @admin.display(description="Succeeded (ago)")
    def succeeded(self, row: Any) -> SafeString | str:
        """When it has succeeded last."""
        return showing.age(row.last_success, now=timezone.now()) or "never"

    @admin.display(description="Failed (ago)")
    def failed(self, row: Any) -> SafeString | str:
        """When it has failed last, leading to its failures; news if it has not succeeded since."""
        if row.last_failure is None:
            return ""
        is_news = row.last_success is None or row.last_success < row.last_failure
        return format_html(
            '<a{} href="{}?group={}">{}</a>',
            SafeString(' class="stale"') if is_news else "",
            reverse("admin:django_q_failure_changelist"),
            row.name,
            showing.age(row.last_failure, now=timezone.now()),
        )
