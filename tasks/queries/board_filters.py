"""Filters of the board: which of its tasks a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tasks.models import Agent, Project, Status, Task, TaskLabel
from tasks.queries import human_needs, references, search

# What is found through an index of its own (words, a label, what needs a human) is taken task by task up to this many.
PICKED = 2000
STUCK = ("stale", "blocked", "reviews", "you")


@dataclass(frozen=True)
class Filters:
    """What a page narrows the board to; empty is no filter. `stuck` is one of STUCK, `priority` is 0 to 3."""

    project: str = ""
    label: str = ""
    assignee: str = ""
    priority: int | None = None
    stuck: str = ""
    text: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


@dataclass(frozen=True)
class Narrowing:
    """The filters as the database takes them: columns with their values, a condition beside them, and the ids to choose
    from (None: all there are)."""

    facts: Mapping[str, int]
    condition: Q
    ids: frozenset[int] | None

    def among(self, tasks: QuerySet[Task]) -> QuerySet[Task]:
        """Those of `tasks` that pass."""
        tasks = tasks.filter(self.condition, **self.facts)
        return tasks if self.ids is None else tasks.filter(pk__in=self.ids)


EVERYTHING = Narrowing({}, Q(), None)


def narrow(filters: Filters, *, now: datetime) -> Narrowing:
    """What these filters mean now. A name nobody has matches nothing."""
    facts = {} if filters.priority is None else {"priority": filters.priority}
    for field, model in (("project", Project), ("assignee", Agent)):
        if name := getattr(filters, field):
            # By id and not through a join, so that the indexes of the columns serve it.
            found = model._default_manager.filter(name=name).values_list("pk", flat=True).first()
            facts[f"{field}_id"] = found or 0
    condition = stuck(filters.stuck, now=now)
    picked = [ids for ids in (_of_words(filters.text), _needed(filters, now)) if ids is not None]
    if filters.label:
        with_label = _of_label(filters.label)
        if with_label is None:
            condition &= Q(Exists(TaskLabel.objects.filter(task=OuterRef("pk"), label=filters.label)))
        else:
            picked.append(with_label)
    return Narrowing(facts, condition, frozenset.intersection(*picked) if picked else None)


def stuck(kind: str, *, now: datetime) -> Q:
    """The condition that a task is stuck in this way: stale, blocked too long, or waiting too long for its review."""
    if kind == "stale":
        return Q(status=Status.DOING, stale_at__lte=now)
    if kind == "blocked":
        return Q(status=Status.BLOCKED, status_since__lte=now - settings.BLOCKED_ALERT)
    if kind == "reviews":
        return Q(status=Status.VALIDATING, status_since__lte=now - settings.REVIEW_AFTER)
    return Q()


def _of_words(text: str) -> frozenset[int] | None:
    """The newest tasks that hold the words; a `T-12` means that task."""
    if not text.strip():
        return None
    if text.strip()[:2].upper() == "T-" and (task_id := references.task_id(text.strip())):
        return frozenset([task_id])
    found = search.matching(Task.objects.all(), text).order_by("-pk").values_list("pk", flat=True)
    return frozenset(found[:PICKED])


def _of_label(label: str) -> frozenset[int] | None:
    """The tasks with the label; None if there are too many to be told one by one."""
    found = list(TaskLabel.objects.filter(label=label).values_list("task", flat=True)[: PICKED + 1])
    return frozenset(found) if len(found) <= PICKED else None


def _needed(filters: Filters, now: datetime) -> frozenset[int] | None:
    return human_needs.ids(now=now, most=PICKED) if filters.stuck == "you" else None
