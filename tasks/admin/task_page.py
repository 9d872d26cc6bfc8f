"""The page of a task: where it stands in one sentence, and what belongs to it, newest first and bounded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Length, Right, Substr
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import durations
from tasks.admin import showing
from tasks.models import Comment, Dependency, Status, Submission, Task
from tasks.queries import emptiness, logs

_SHOWN = 50
_SUMMARY = 200


class TaskPage:
    """Read-only fields for the task's page."""

    @admin.display(description="Now")
    def state(self, task: Task) -> SafeString:
        """Where the task stands, in a sentence."""
        now = timezone.now()
        since = showing.age(task.status_since, now=now)
        if task.status == Status.DOING:
            return format_html(
                "<strong>doing</strong> by {} for {}; last word {} ago, {} {}, to be taken back {}",
                showing.agent_link(task.assignee),
                since,
                showing.age(task.last_word_at, now=now),
                "stale for" if task.stale_at and task.stale_at <= now else "stale",
                showing.age(task.stale_at, now=now),
                "now"
                if task.lease_expires_at and task.lease_expires_at <= now
                else showing.age(task.lease_expires_at, now=now),
            )
        return format_html("<strong>{}</strong> for {}{}", task.status, since, _more(task))

    @admin.display(description="Done criteria")
    def criteria_in_force(self, task: Task) -> str:
        """The version of the list that counts."""
        rows = task.criteria.filter(version=task.criteria_version).order_by("number")
        return showing.table(["number", "must be true"], rows.values_list("number", "text"))

    @admin.display(description="Labels")
    def label_names(self, task: Task) -> str:
        """Its labels."""
        return ", ".join(task.labels.order_by("pk").values_list("label", flat=True))

    @admin.display(description="Skills")
    def required_skills(self, task: Task) -> str:
        """What an agent needs to be given the task."""
        return ", ".join(task.lane.skills)

    @admin.display(description="Waits for")
    def waits_for(self, task: Task) -> str:
        """The tasks that must be finished first."""
        edges = task.dependencies.select_related("depends_on").order_by("depends_on_id")
        return _tasks(((edge.depends_on for edge in edges[:_SHOWN])), "dependency", task)

    @admin.display(description="Waited for by")
    def waited_for_by(self, task: Task) -> str:
        """The tasks that wait for this one."""
        edges = Dependency.objects.filter(depends_on=task).select_related("task").order_by("task_id")
        return _tasks((edge.task for edge in edges[:_SHOWN]), "dependency", task)

    @admin.display(description=f"Log (last {_SHOWN})")
    def log(self, task: Task) -> str:
        """The newest comments, long ones cut in the middle."""
        now = timezone.now()
        rows = [
            [
                showing.age(entry["created_at"], now=now),
                entry["author__name"] or "system",
                entry["kind"],
                logs.cut(entry["head"], entry["tail"], entry["length"]),
            ]
            for entry in _entries(task.comments.order_by("-pk"))[:_SHOWN]
        ]
        return showing.table(["ago", "by", "kind", "text"], rows, more=_all("comment", task))

    @admin.display(description=f"Attempts (last {_SHOWN})")
    def attempt_list(self, task: Task) -> str:
        """Who held the task, and how that ended."""
        now = timezone.now()
        rows = [
            [
                attempt.token,
                showing.agent_link(attempt.agent),
                showing.age(attempt.started_at, now=now),
                durations.coarse(((attempt.ended_at or now) - attempt.started_at).total_seconds()),
                attempt.outcome or "open",
            ]
            for attempt in task.attempt_set.select_related("agent").order_by("-token")[:_SHOWN]
        ]
        return showing.table(
            ["lease", "agent", "began (ago)", "held for", "ended"], rows, more=_all("attempt", task)
        )

    @admin.display(description=f"Submissions (last {_SHOWN})")
    def submission_list(self, task: Task) -> str:
        """What was handed in, and how it was judged."""
        now = timezone.now()
        rows = [
            [
                one.number,
                showing.agent_link(one.agent),
                showing.age(one.created_at, now=now),
                one.summary[:_SUMMARY],
                _judged(one, now=now),
            ]
            for one in task.submissions.select_related("agent", "review__reviewer").order_by("-number")[
                :_SHOWN
            ]
        ]
        return showing.table(
            ["number", "by", "ago", "summary", "judged"], rows, more=_all("submission", task)
        )

    @admin.display(description=f"Events (last {_SHOWN})")
    def event_list(self, task: Task) -> str:
        """What happened to the task."""
        now = timezone.now()
        rows = [
            [
                event.pk,
                showing.age(event.at, now=now),
                event.kind,
                event.agent or "system",
                showing.data(event.data),
            ]
            for event in task.events.select_related("agent").order_by("-pk")[:_SHOWN]
        ]
        return showing.table(["seq", "ago", "kind", "by", "data"], rows, more=_all("event", task))


def holder(task: Task) -> SafeString | str:
    """Who has the task or is the next to have it; needs its assignee loaded."""
    if task.status == Status.TODO and task.assignee:
        return format_html("kept for {}", showing.agent_link(task.assignee))
    return showing.agent_link(task.assignee)


def _more(task: Task) -> SafeString | str:
    now = timezone.now()
    if task.status == Status.TODO:
        reason = emptiness.why_not_ready(task, agent=None, now=now)
        kept = ""
        if task.assignee:
            until = showing.age(task.reserved_until, now=now)
            kept = format_html(", {}{}", holder(task), format_html(" (ends {})", until) if until else "")
        return format_html("{}{}", kept, f". Not ready: {reason}" if reason else ". Ready.")
    if task.status == Status.DONE:
        return format_html(", by {}", task.done_via)
    if task.status == Status.VALIDATING:
        return _review(task, now=now)
    return format_html(", last by {}", task.assignee) if task.assignee else ""


def _review(task: Task, *, now: datetime) -> SafeString:
    if task.reviewer is None:
        return SafeString(", to be reviewed by whoever takes it")
    by = showing.agent_link(task.reviewer)
    if task.review_until and task.review_until <= now:
        return format_html(
            ", {} has let it lie and it is overdue for {}", by, showing.age(task.review_until, now=now)
        )
    return format_html(", to be reviewed by {} {}", by, showing.age(task.review_until, now=now))


def _judged(one: Submission, *, now: datetime) -> SafeString | str:
    if hasattr(one, "review"):
        return format_html(
            "{} by {}, {} ago",
            one.review.judgement,
            showing.agent_link(one.review.reviewer),
            showing.age(one.review.created_at, now=now),
        )
    return "void" if one.voided_at else "not yet"


def _tasks(tasks: Iterable[Task], model: str, task: Task) -> str:
    rows = [[showing.task_link(other.pk), other.status, other.title] for other in tasks]
    return showing.table(
        ["task", "status", "title"], rows, more=_all(model, task) if len(rows) == _SHOWN else ""
    )


def _entries(comments: QuerySet[Comment]) -> Any:
    return comments.annotate(
        head=Substr("text", 1, logs.HEAD), tail=Right("text", logs.TAIL), length=Length("text")
    ).values("created_at", "author__name", "kind", "head", "tail", "length")


def _all(model: str, task: Task) -> SafeString:
    return showing.listing(model, "All of them", f"q={task.ref}")
