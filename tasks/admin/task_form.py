"""The form of a task: what it says. Where it stands is moved by actions, never by a field."""

from __future__ import annotations

from typing import Any

from django import forms

from tasks.admin import fields
from tasks.admin.refusing import RefusableForm
from tasks.domain import limits
from tasks.models import Task

PRIORITIES = [(number, f"P{number}") for number in range(4)]


class TaskForm(RefusableForm):
    """The fields of `authoring.Draft`."""

    title = fields.Title()
    description = fields.Text(required=False, max_length=limits.DESCRIPTION, rows=8)
    done_criteria = fields.Lines(
        longest=limits.CRITERION,
        most=limits.CRITERIA,
        rows=4,
        help_text="One per line. Frozen when first claimed.",
    )
    priority = forms.TypedChoiceField(choices=PRIORITIES, coerce=int, initial=2)
    depends_on = fields.Names(
        longest=limits.EXTERNAL_ID,
        most=limits.DEPENDENCIES,
        help_text="What it waits for, such as T-3, T-14.",
    )
    labels = fields.Names(longest=limits.LABEL, most=limits.LABELS, help_text="Separated by commas.")
    skills = fields.Names(
        longest=limits.SKILL,
        most=limits.SKILLS_NEEDED,
        lower=True,
        help_text="What an agent needs to be given the task, separated by commas.",
    )
    stale_after = fields.Duration(
        help_text="How long the holder may write nothing, such as 45m. Empty: the server's setting."
    )

    class Meta:
        model = Task
        fields = [
            "title",
            "description",
            "project",
            "reviewer",
            "assignee",
            "due_at",
            "not_before",
            "external_id",
        ]
        help_texts = {
            "assignee": "A todo task with an assignee is kept for that agent.",
            "external_id": "What the task is called elsewhere; unique in its project.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        task: Task | None = kwargs.get("instance")
        if task:
            kwargs["initial"] = _said_elsewhere(task) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if task is None and "project" in self.fields:
            self.fields["project"].required = False
            self.fields["project"].help_text = "Empty: main."


def _said_elsewhere(task: Task) -> dict[str, Any]:
    """What a task says in other rows than its own, and `stale_after`."""
    criteria = task.criteria.filter(version=task.criteria_version).order_by("number")
    waits_for = task.dependencies.order_by("depends_on_id").values_list("depends_on_id", flat=True)
    return {
        "done_criteria": list(criteria.values_list("text", flat=True)),
        "depends_on": [f"T-{pk}" for pk in waits_for],
        "labels": list(task.labels.order_by("pk").values_list("label", flat=True)),
        "skills": list(task.lane.skills),
        "stale_after": task.stale_after,
    }
