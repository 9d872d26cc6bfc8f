"""Sheets: all that the page of a task shows besides its timeline, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tasks import markup
from tasks.models import (
    Agent,
    Attempt,
    Criterion,
    Dependency,
    Evidence,
    Handoff,
    Review,
    Submission,
    Task,
    TaskLabel,
    Verdict,
)
from tasks.queries import standings

ATTEMPTS = 10
SUBMISSIONS = 20
DEPENDENCIES = 50


@dataclass(frozen=True)
class Line:
    """One criterion, and what the shown submission and its review say of it; `met` is null where nothing was judged."""

    number: int
    text: str
    evidence: str = ""
    met: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class HandedIn:
    """The submission that is shown, with its own version of the criteria; `review` is null until it is judged."""

    submission: Submission
    review: Review | None
    lines: Sequence[Line]


@dataclass(frozen=True)
class Edges:
    """Tasks that this one waits for, or that wait for it, and whether there are more than are listed."""

    tasks: Sequence[Task]
    more: bool


@dataclass(frozen=True)
class Sheet:
    """A task and what belongs to it. `criteria` are those in force, `submissions` and `attempts` the newest first."""

    task: Task
    standing: standings.Standing
    criteria: Sequence[Line]
    labels: Sequence[str]
    submissions: Sequence[Submission]
    shown: HandedIn | None
    handoff: Handoff | None
    attempts: Sequence[Attempt]
    waits_for: Edges
    waited_for_by: Edges

    def texts(self) -> list[str]:
        """What is written here in Markdown."""
        lines = [*self.criteria, *(self.shown.lines if self.shown else ())]
        found = [self.task.description]
        if self.standing.block:
            found += [self.standing.block.reason, self.standing.block.needs]
        found += [text for line in lines for text in (line.text, line.evidence, line.note)]
        if self.shown:
            found += [self.shown.submission.summary, self.shown.submission.caveats]
            found += [self.shown.review.comment] if self.shown.review else []
        if self.handoff:
            found += [self.handoff.done, self.handoff.pending, self.handoff.gotchas, self.handoff.readback]
        return found


def of(task_id: int, *, now: datetime, submission: int | None = None) -> Sheet:
    """The sheet of a task with its newest submission, or with the one of that number. Raises Task.DoesNotExist."""
    related = ("assignee", "reviewer", "created_by", "project", "lane", "parent")
    task = Task.objects.select_related(*related).get(pk=task_id)
    handed_in = list(
        Submission.objects.filter(task=task)
        .select_related("agent", "review__reviewer")
        .order_by("-number")[:SUBMISSIONS]
    )
    shown = _shown(task, handed_in, submission)
    criteria = _criteria(task, shown)
    return Sheet(
        task=task,
        standing=standings.of(task, now=now),
        criteria=[Line(one.number, one.text) for one in criteria.get(task.criteria_version, ())],
        labels=list(TaskLabel.objects.filter(task=task).order_by("pk").values_list("label", flat=True)),
        submissions=handed_in,
        shown=_handed_in(shown, criteria) if shown else None,
        handoff=_handoff(task),
        attempts=list(
            Attempt.objects.filter(task=task).select_related("agent").order_by("-token")[:ATTEMPTS]
        ),
        waits_for=_edges(task, "depends_on"),
        waited_for_by=_edges(task, "task"),
    )


def known_names(texts: Iterable[str]) -> frozenset[str]:
    """The names of agents that these texts mention, in one query for all of them."""
    wanted = {name for text in texts for names in markup.mentions(text) for name in names}
    if not wanted:
        return frozenset()
    # A page mentions a few dozen; a text that is nothing but mentions is not worth more than SQLite's parameters.
    return frozenset(Agent.objects.filter(name__in=sorted(wanted)[:5000]).values_list("name", flat=True))


def _shown(task: Task, newest: Sequence[Submission], number: int | None) -> Submission | None:
    if number is None:
        return newest[0] if newest else None
    found = next((one for one in newest if one.number == number), None)
    rows = Submission.objects.filter(task=task, number=number).select_related("agent", "review__reviewer")
    return found or rows.first()


def _criteria(task: Task, shown: Submission | None) -> dict[int, list[Criterion]]:
    versions = {task.criteria_version, shown.criteria_version if shown else task.criteria_version}
    found: dict[int, list[Criterion]] = {}
    for one in Criterion.objects.filter(task=task, version__in=versions).order_by("number"):
        found.setdefault(one.version, []).append(one)
    return found


def _handed_in(shown: Submission, criteria: dict[int, list[Criterion]]) -> HandedIn:
    evidence = dict(Evidence.objects.filter(submission=shown).values_list("criterion", "text"))
    review: Review | None = getattr(shown, "review", None)
    judged = Verdict.objects.filter(review__submission=shown).values_list("criterion", "met", "note")
    verdicts = {criterion: (met, note) for criterion, met, note in judged}
    lines = [
        Line(one.number, one.text, evidence.get(one.pk, ""), *verdicts.get(one.pk, (None, "")))
        for one in criteria.get(shown.criteria_version, ())
    ]
    return HandedIn(shown, review, lines)


def _handoff(task: Task) -> Handoff | None:
    rows = Handoff.objects.filter(task=task).select_related("by", "to", "read_by")
    return rows.order_by("-number").first()


def _edges(task: Task, side: str) -> Edges:
    edges = Dependency.objects.select_related(side).defer(f"{side}__description", f"{side}__origin")
    narrowed = edges.filter(task=task) if side == "depends_on" else edges.filter(depends_on=task)
    found = [getattr(edge, side) for edge in narrowed.order_by(side)[: DEPENDENCIES + 1]]
    return Edges(found[:DEPENDENCIES], len(found) > DEPENDENCIES)
