"""What is there of each thing that the scheduler's jobs touch: if a job is killed, it is as it was before or as it is
after, whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.models import Session
from django_q.models import Failure, OrmQ, Schedule

from channels_app.models import Channel, Inbox, Message, Notice
from tasks.models import Agent, Attempt, Block, Comment, Digest, Event, Handoff, Task

Subjects = dict[str, list[str]]

_OF_A_TASK = (
    "status", "assignee", "lease_token", "attempts", "reserved_until", "deferred", "flagged_at", "readback_due",
    "asks_human",
)  # fmt: skip


def read() -> Subjects:
    """Each subject with what is there of it, sorted. Times at which something was done are left out, and so are the
    numbers that say in which order."""
    facts: defaultdict[str, list[str]] = defaultdict(list)
    for pk, *columns, flagged, read_back, asks in Task.objects.values_list("pk", *_OF_A_TASK):
        facts[f"T-{pk}"].append(repr(["task", *columns, flagged is not None, read_back, asks]))
    for kind, rows in _of_tasks().items():
        for task_id, *row in rows:
            facts[f"T-{task_id}"].append(repr([kind, *row]))
    for name, gone in Agent.objects.values_list("name", "gone_at"):
        facts[name].append(repr(gone is not None))
    for name, data in Event.objects.filter(kind="agent.presence").values_list("agent__name", "data"):
        facts[name].append(repr(data))
    told = [Digest.objects.count(), Event.objects.filter(kind="digest.posted").count()]
    facts["digest"] = [repr([*told, Message.objects.filter(event="digest.posted").count()])]
    facts["failures"] = [str(Failure.objects.count())]
    facts["sessions"] = [str(Session.objects.count())]
    queued = [one.name() for one in OrmQ.objects.all()]
    for name, next_run in Schedule.objects.values_list("name", "next_run"):
        facts[f"schedule {name}"] = [repr([next_run, queued.count(name)])]
    return {subject: sorted(each) for subject, each in facts.items()}


def _of_tasks() -> dict[str, Iterable[Any]]:
    handed_over = Handoff.objects.values_list("task", "number", "done", "pending", "gotchas")
    return {
        "event": Event.objects.filter(task__isnull=False).values_list("task", "kind", "data"),
        "entry": Comment.objects.values_list("task", "kind", "text"),
        "message": Message.objects.filter(task__isnull=False).values_list("task", "channel__name", "text"),
        "notice": Notice.objects.filter(task__isnull=False).values_list("task", "inbox__agent__name", "kind"),
        "attempt": Attempt.objects.values_list("task", "token", "outcome"),
        "block": Block.objects.values_list("task", "number", "reason"),
        "handoff": handed_over,
    }


def gaps() -> list[str]:
    """Where numbers are missing or given twice: of messages, of notices, of the events that tell of messages, and of
    events."""
    found = []
    for channel in Channel.objects.all():
        numbers = sorted(Message.objects.filter(channel=channel).values_list("number", flat=True))
        posted = Event.objects.filter(kind="message.posted", data__channel=channel.name)
        if numbers != list(range(1, channel.last_number + 1)):
            found.append(f"messages of {channel}")
        if numbers != sorted(posted.values_list("data__message", flat=True)):
            found.append(f"events of {channel}")
    for inbox in Inbox.objects.all():
        numbers = sorted(Notice.objects.filter(inbox=inbox).values_list("number", flat=True))
        if numbers != list(range(1, inbox.last_number + 1)):
            found.append(f"notices of {inbox}")
    numbers = sorted(Event.objects.filter(seq__isnull=False).values_list("seq", flat=True))
    return found + (["events"] if numbers != list(range(1, len(numbers) + 1)) else [])
