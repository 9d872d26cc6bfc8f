"""Runs of jobs: those that succeeded and those that failed, with what they gave or why they failed in words."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_q.models import Failure, Success

from agentboard import queued, schedules
from tasks.admin import showing
from tasks.admin.acting import Acting
from tasks.admin.listing import ReadOnly
from tasks.admin.verbs import Nothing, Verb

_SHOWN = 200

admin.site.unregister([Success, Failure])


class Jobs(Acting, ReadOnly):
    """What django-q keeps, to be read."""

    change_form_template = "admin/tasks/change_form.html"

    def may_act(self, request: HttpRequest) -> bool:
        # Nothing of it can be edited, so the right to change it is the right to act on it.
        return admin.ModelAdmin.has_change_permission(self, request)


class OfSchedule(admin.SimpleListFilter):
    """The runs of one schedule."""

    title = "schedule"
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The schedules there are."""
        return [(one.name, one.name) for one in schedules.table()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Its runs."""
        return queryset.filter(group=self.value()) if self.value() else queryset


class Runs(Jobs):
    """Newest first; the pickled arguments stay where they are, as no job takes any."""

    ids = re.compile(r"[0-9a-zA-Z]{1,32}")
    ordering = ["-stopped"]
    list_display = ["name", "func", "began", "took", "told"]
    list_filter = [OfSchedule]
    fields = ["name", "func", "started", "stopped", "took", "attempt_count", "in_full"]
    readonly_fields = ["took", "in_full"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("args", "kwargs", "hook")

    @admin.display(description="Began (ago)")
    def began(self, run: Any) -> SafeString | str:
        """How long ago it began."""
        return showing.age(run.started, now=timezone.now())

    @admin.display(description="Took")
    def took(self, run: Any) -> str:
        """From its beginning to its end."""
        return f"{(run.stopped - run.started).total_seconds():.2f} s"

    @admin.display(description="Result")
    def told(self, run: Any) -> str:
        """The beginning of what it gave, or of the error."""
        text = _written(run.result)
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

    @admin.display(description="Result")
    def in_full(self, run: Any) -> SafeString:
        """What it gave, or the error with where it came from."""
        return format_html("<pre>{}</pre>", _written(run.result))


def _written(result: object) -> str:
    return "" if result is None else str(result)


@admin.register(Success)
class SuccessAdmin(Runs):
    """The newest of each schedule; django-q keeps no more."""

    filled_by = "The scheduler has not ended a job yet; agentboard up and agentboard scheduler run it."
    named = ("job that succeeded", "jobs that succeeded")


def _run_again(run: Failure, *, by: Any, now: Any) -> None:
    queued.bring_forward(run.group or "", now=now)


def _forget(run: Failure, *, by: Any, now: Any) -> None:
    queued.forget(run.pk)


@admin.register(Failure)
class FailureAdmin(Runs):
    """Of the last days; a job that failed is due again by itself."""

    filled_by = "No job has failed in the last days."
    named = ("job that failed", "jobs that failed")
    verbs = {
        verb.name: verb
        for verb in (
            Verb[Failure](
                "run_now",
                "Run now",
                "The scheduler begins the job within seconds, besides its usual times; what failed stays on record.",
                Nothing,
                _run_again,
                lambda run: "due at once",
            ),
            Verb[Failure](
                "forget",
                "Drop",
                "What is kept of the failure is removed. The job goes on at its usual times.",
                Nothing,
                _forget,
                lambda run: "gone from this list",
            ),
        )
    }

    def described(self, run: Failure) -> tuple[str, str, str]:
        return run.name, self.told(run), f"failed {run.stopped:%Y-%m-%d %H:%M:%S} UTC"
