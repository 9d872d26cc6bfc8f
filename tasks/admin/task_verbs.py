"""What an operator can do to tasks: a table of verbs, each one domain call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect

from tasks.admin import fields
from tasks.admin.verbs import Fate, Nothing, Reason, Verb
from tasks.domain import (
    blocks,
    closing,
    comments,
    criteria,
    editing,
    lifecycle,
    limits,
    reservations,
    unsticking,
)
from tasks.models import Agent, Status, Task
from tasks.queries import standstill


class Resolution(forms.Form):
    """What became of the obstacle; it goes into the log of every task."""

    resolution = forms.CharField(max_length=limits.BLOCK, widget=AdminTextareaWidget(attrs={"rows": 3}))


class Words(forms.Form):
    """An entry of the log."""

    text = forms.CharField(max_length=100_000, widget=AdminTextareaWidget(attrs={"rows": 6}))


class Amendment(forms.Form):
    """The next version of the criteria, and why."""

    texts = fields.Lines(
        longest=limits.CRITERION, most=limits.CRITERIA, rows=6, label="Done criteria, one per line"
    )
    reason = forms.CharField(max_length=limits.REASON, widget=AdminTextareaWidget(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texts"].required = True


class ToWhom(forms.Form):
    """An agent, or nobody in particular."""

    agent = forms.ModelChoiceField(
        Agent.objects.order_by("name"),
        required=False,
        label="Reviewer (empty: whom the board chooses)",
        widget=AutocompleteSelect(Task._meta.get_field("reviewer"), admin.site),
    )


class ForWhom(forms.Form):
    """An agent."""

    agent = forms.ModelChoiceField(
        Agent.objects.order_by("name"),
        widget=AutocompleteSelect(Task._meta.get_field("assignee"), admin.site),
    )


def _held_up(tasks: Sequence[Task], now: datetime) -> list[Fate]:
    """Of each task what holds it up, and the first of that which a call ends; else what to edit."""
    found = standstill.of_each(tasks, now=now)
    return [_fate(found[task.pk], alone=len(tasks) == 1) for task in tasks]


def _fate(held_up_by: Sequence[standstill.Standstill], *, alone: bool) -> Fate:
    says = [one.says for one in held_up_by]
    cured = next((one.hitch for one in held_up_by if one.hitch in unsticking.CURES), None)
    if cured:
        # What is finished is not ticked among others.
        ticked = alone or cured not in (standstill.Hitch.DONE, standstill.Hitch.CANCELLED)
        return Fate(unsticking.CURES[cured].becomes, says, why=cured, chosen=ticked)
    edits = " ".join(unsticking.EDITS[one.hitch] for one in held_up_by)
    return Fate(None, says or ["Nothing holds it up."], advised=edits)


def _pass_on(task: Task, *, agent: Agent | None, by: Agent, now: datetime) -> None:
    editing.edit(task, by=by, now=now, reviewer=agent.name if agent else None)


def _criteria_in_force(task: Task) -> dict[str, Any]:
    return {"texts": [one.text for _, one in sorted(criteria.current(task).items())]}


def _move(verb: str, becomes: str) -> Callable[[Task], str | None]:
    return lambda task: becomes if task.status in lifecycle.MOVES[verb].origins else None


def _unstuck(task: Task) -> str | None:
    return "freed from what holds it up"


def _if_validating(task: Task) -> str | None:
    return "validating, by another reviewer" if task.status == Status.VALIDATING else None


def _if_todo(becomes: str, *, reserved: bool) -> Callable[[Task], str | None]:
    def of(task: Task) -> str | None:
        return becomes if task.status == Status.TODO and (task.assignee or not reserved) else None

    return of


VERBS: dict[str, Verb[Task]] = {
    verb.name: verb
    for verb in (
        Verb(
            "unstick",
            "Unstick",
            "Each task is freed from what holds it up, if one call can do that. The reason goes into its log.",
            Reason,
            unsticking.unstick,
            _unstuck,
            foresees=_held_up,
            takes_why=True,
        ),
        Verb(
            "take_back",
            "Take back",
            "The holder loses its lease, as it does when it has been silent for too long.",
            Reason,
            closing.take_back,
            _move("reclaim", "todo, for anyone; the attempt ends as reclaimed"),
        ),
        Verb(
            "release",
            "Release",
            "The holder is freed from the task.",
            Reason,
            closing.release,
            _move("release", "todo, for anyone; the attempt ends as released"),
        ),
        Verb(
            "unblock",
            "Unblock",
            "What was in the way is out of it; the last holder gets the task first.",
            Resolution,
            blocks.unblock,
            _move("unblock", "todo, kept for its last holder"),
        ),
        Verb(
            "cancel",
            "Cancel",
            "The task is given up; what waits for it waits no longer.",
            Reason,
            closing.cancel,
            _move("cancel", "cancelled"),
        ),
        Verb(
            "reopen",
            "Re-open",
            "A finished task is to be worked on again; what depends on it waits for it again.",
            Reason,
            closing.reopen,
            _move("reopen", "todo, for anyone"),
        ),
        Verb(
            "override",
            "Override",
            "The task is closed without an approval, and says so for good: on its page, in its events, in the figures.",
            Reason,
            closing.override,
            _move("override", "done, by override; never by approval"),
        ),
        Verb(
            "amend",
            "Amend criteria",
            "The criteria get a next version. What was handed in and judged is void, and the task is worked on again.",
            Amendment,
            criteria.amend,
            _move("amend", "todo, with the new criteria"),
            _criteria_in_force,
        ),
        Verb(
            "pass_on",
            "Pass the review on",
            "Another agent reviews what was handed in, and has all the time there is for it.",
            ToWhom,
            _pass_on,
            _if_validating,
        ),
        Verb(
            "assign",
            "Assign",
            "The task is kept for one agent for good; nobody else is given it.",
            ForWhom,
            reservations.reserve,
            _if_todo("todo, kept for the agent", reserved=False),
        ),
        Verb(
            "unreserve",
            "Free",
            "The task is no longer kept for its assignee.",
            Nothing,
            partial(reservations.reserve, agent=None),
            _if_todo("todo, for anyone", reserved=True),
        ),
        Verb(
            "comment",
            "Write to the log",
            "Every agent that is given the task reads it; it is the answer, where the task asks a human.",
            Words,
            partial(comments.write, kind="note", lease=None),
            lambda task: f"{task.status}, as it is, with a new entry in its log",
        ),
    )
}
