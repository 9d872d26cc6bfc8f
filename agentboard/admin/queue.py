"""The queue: jobs that wait for the scheduler to do them, or are being done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString
from django_q.models import OrmQ

from agentboard import queued
from agentboard.admin.jobs import Jobs
from tasks.admin import showing
from tasks.admin.verbs import Nothing, Verb

admin.site.unregister(OrmQ)


def _drop(job: OrmQ, *, by: Any, now: Any) -> None:
    queued.drop(job.pk)


DROP = Verb[OrmQ](
    "drop",
    "Drop",
    "The job is taken out of the queue. What is done by the clock is due again in its period.",
    Nothing,
    _drop,
    lambda job: "gone; due again at its usual time",
)


@admin.register(OrmQ)
class QueueAdmin(Jobs):
    """Oldest first."""

    filled_by = "Nothing waits: every job that was due has been done."
    named = ("job in the queue", "jobs in the queue")
    verbs = {DROP.name: DROP}
    ordering = ["pk"]
    list_display = ["pk", "job", "function", "waits"]
    fields = ["key", "job", "function", "lock"]
    readonly_fields = ["job", "function"]

    def described(self, job: OrmQ) -> tuple[str, str, str]:
        return f"job {job.pk}", self.job(job), str(self.waits(job))

    @admin.display(description="Job")
    def job(self, job: OrmQ) -> str:
        """Its name, if what was queued can be read: it is signed, and a new secret makes the old unreadable."""
        return str(job.task.get("name") or "cannot be read")

    @admin.display(description="Function")
    def function(self, job: OrmQ) -> str:
        """What it calls."""
        return str(job.func() or "")

    @admin.display(description="Waits")
    def waits(self, job: OrmQ) -> SafeString | str:
        """How long it has been due; until when it is somebody's, if it is being done."""
        return showing.age(job.lock, now=timezone.now())
