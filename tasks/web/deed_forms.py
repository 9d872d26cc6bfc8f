"""What a person says when it does something with a task: a form for each verb that needs words."""

from __future__ import annotations

from typing import Any, Self, cast

from django import forms
from django.db import IntegrityError
from django.http import QueryDict

from tasks.domain import criteria, limits
from tasks.domain.refusals import Invalid, Refusal
from tasks.models import Comment, Task
from tasks.web import fields

_AT_THE_SAME_MOMENT = "Somebody changed this at the same moment; nothing was written."
KINDS = [(kind.value, kind.value) for kind in Comment.Kind if kind != Comment.Kind.MOVE]


class DeedForm(forms.Form):
    """A form about one task. What the domain refuses is put where it was typed."""

    def __init__(self, task: Task, data: QueryDict | None = None) -> None:
        self.task = task
        initial = {} if data is not None else self.initial_of(task)
        super().__init__(data, initial=initial, auto_id="do-%s", label_suffix="")

    def focused(self) -> Self:
        """The form with the cursor in its first field."""
        first = next((field for field in self.fields.values() if not field.widget.is_hidden), None)
        if first:
            first.widget.attrs["autofocus"] = True
        return self

    def initial_of(self, task: Task) -> dict[str, Any]:
        """What stands in the fields when the form is opened."""
        return {}

    def refuse(self, refusal: Refusal | IntegrityError) -> Self:
        """The form with what was refused, in its own words; `fix` names calls of the API and is left out."""
        if isinstance(refusal, Invalid):
            for name, texts in refusal.extra["errors"].items():
                field = name.partition("[")[0]
                self.add_error(field if field in self.fields else None, texts)
        else:
            self.add_error(None, refusal.detail if isinstance(refusal, Refusal) else _AT_THE_SAME_MOMENT)
        self._look_again()
        return self

    def _look_again(self) -> None:
        # The page shows the task as it is now beside the refusal, so what is sent next was sent in view of that.
        self.task.refresh_from_db()
        hidden = {name for name, field in self.fields.items() if field.widget.is_hidden}
        fresh = self.initial_of(self.task)
        sent = cast(QueryDict, self.data).copy()
        for name in hidden & fresh.keys():
            sent[name] = fresh[name]
        self.data = sent


class Nothing(DeedForm):
    """For a verb that needs nothing said."""


class Reason(DeedForm):
    """Why; it goes into the log."""

    reason = fields.Area(max_length=limits.REASON, help_text="It stands in the log for good.")


class Resolution(DeedForm):
    """What became of the obstacle."""

    resolution = fields.Area(
        max_length=limits.BLOCK, help_text="What is different now; the next holder goes by it."
    )


class Words(DeedForm):
    """An entry of the log."""

    kind = forms.ChoiceField(choices=KINDS, required=False)
    text = fields.Area(max_length=limits.COMMENT, strip=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Comment.Kind.NOTE

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("A comment says something.")
        return text


class Edit(DeedForm):
    """Fields of the task as they are. Only what the person changed is told to the board."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # What counts as changed is what the person changed, not what others did since the form was opened.
            field.show_hidden_initial = True

    def changes(self) -> dict[str, Any]:
        """The fields that the person changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class Saying(Edit):
    """What the task says, and how urgent it is."""

    title = fields.Title(max_length=limits.TITLE, widget=forms.TextInput(attrs={"dir": "auto"}))
    description = fields.Area(required=False, max_length=limits.DESCRIPTION, rows=8, strip=False)
    priority = fields.Priority()
    labels = fields.Names(longest=limits.LABEL, most=limits.LABELS, help_text="With commas between them.")
    due_at = fields.Moment(label="Due (UTC)")

    def initial_of(self, task: Task) -> dict[str, Any]:
        said = {name: getattr(task, name) for name in ("title", "description", "priority", "due_at")}
        return said | {"labels": list(task.labels.order_by("pk").values_list("label", flat=True))}


class Queueing(Edit):
    """Who may be given the task, and from when."""

    project = fields.ProjectName()
    skills = fields.Skills()
    not_before = fields.Moment(label="Not before (UTC)", help_text="Empty: at once.")

    def initial_of(self, task: Task) -> dict[str, Any]:
        lane = task.lane
        return {"project": task.project.name, "skills": lane.skills, "not_before": task.not_before}


class Criteria(DeedForm):
    """The list of what must be true, before the first claim."""

    done_criteria = fields.Rows(longest=limits.CRITERION, most=limits.CRITERIA, required=False)

    def initial_of(self, task: Task) -> dict[str, Any]:
        return {"done_criteria": [one.text for _, one in sorted(criteria.current(task).items())]}


class Amendment(Criteria):
    """The next version of the list, and why. `seen` is the version that it was made from."""

    done_criteria = fields.Rows(longest=limits.CRITERION, most=limits.CRITERIA)
    reason = fields.Area(max_length=limits.REASON, label="Why they change")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def initial_of(self, task: Task) -> dict[str, Any]:
        return super().initial_of(task) | {"seen": task.criteria_version}


class Reviewer(DeedForm):
    """Who is to review the task."""

    reviewer = fields.Known()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].help_text = (
            "Empty: whom the board chooses." if self.task.status == "validating" else "Empty: nobody yet."
        )

    def initial_of(self, task: Task) -> dict[str, Any]:
        return {"reviewer": task.reviewer.name if task.reviewer else ""}


class Assignee(DeedForm):
    """Whom the task is kept for."""

    assignee = fields.Known(label="Keep it for", help_text="Empty: for anyone.")

    def initial_of(self, task: Task) -> dict[str, Any]:
        return {"assignee": task.assignee.name if task.assignee else ""}


class WaitsFor(DeedForm):
    """The tasks that have to be finished first."""

    depends_on = fields.Names(
        longest=limits.EXTERNAL_ID,
        most=limits.DEPENDENCIES,
        label="Waits for",
        help_text="Such as T-3, T-14. Empty: for none.",
    )

    def initial_of(self, task: Task) -> dict[str, Any]:
        edges = task.dependencies.order_by("depends_on").values_list("depends_on", flat=True)
        return {"depends_on": [f"T-{other}" for other in edges]}
