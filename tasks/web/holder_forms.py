"""What a holder says: handing in, passing on, stopping and reading back. Each shows the lease it was opened under."""

from __future__ import annotations

from typing import Any, Self

from django import forms

from tasks.domain import criteria, handoffs, limits, reviews, submissions
from tasks.models import Review, Task
from tasks.web import fields
from tasks.web.deed_forms import DeedForm

_SAID_TOO = 'This is said, too: "none" if there is nothing.'


class Held(DeedForm):
    """A form of whoever holds the task."""

    lease = forms.IntegerField(widget=forms.HiddenInput)

    def initial_of(self, task: Task) -> dict[str, Any]:
        return {"lease": task.lease_token}


class HandIn(Held):
    """What was done, with evidence for each criterion in force (`evidence-1`, …)."""

    summary = fields.Area(max_length=limits.SUMMARY)
    caveats = fields.Area(required=False, max_length=limits.NOTE, rows=2)
    artifacts = fields.Artifacts()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = []
        for number, one in sorted(criteria.current(self.task).items()):
            label = f"Evidence that criterion {number} is met: {one.text}"
            self.fields[f"evidence-{number}"] = fields.Area(max_length=limits.NOTE, rows=2, label=label)
            self.numbers.append(number)

    def handed_in(self) -> submissions.HandIn:
        """What the form says, as the domain takes it."""
        evidence = [(number, self.cleaned_data[f"evidence-{number}"]) for number in self.numbers]
        return submissions.HandIn(
            self.cleaned_data["summary"],
            evidence,
            artifacts=self.cleaned_data["artifacts"],
            caveats=self.cleaned_data["caveats"],
        )


class PassOn(Held):
    """What the next holder has to know."""

    done = fields.Area(max_length=limits.HANDOFF, help_text=_SAID_TOO)
    pending = fields.Area(max_length=limits.HANDOFF, help_text=_SAID_TOO)
    gotchas = fields.Area(max_length=limits.HANDOFF, help_text=_SAID_TOO)
    to = fields.Known(help_text="Empty: whoever comes.")

    def words(self) -> handoffs.Words:
        """The three texts, as the domain takes them."""
        return handoffs.Words(*(self.cleaned_data[name] for name in ("done", "pending", "gotchas")))


class Obstacle(Held):
    """What stands in the way."""

    reason = fields.Area(max_length=limits.BLOCK, label="What is in the way")
    needs = fields.Area(max_length=limits.BLOCK, label="What is needed, and from whom")
    depends_on = fields.Names(
        longest=limits.EXTERNAL_ID,
        most=limits.OBSTACLES,
        label="Tasks it waits for",
        help_text="Such as T-3. None: leave empty.",
    )


class ReadBack(Held):
    """What the new holder understood."""

    handoff = forms.IntegerField(widget=forms.HiddenInput)
    text = fields.Area(
        max_length=limits.HANDOFF,
        label="In your own words",
        help_text="What you understood and will do first.",
    )

    def initial_of(self, task: Task) -> dict[str, Any]:
        newest = handoffs.newest(task.pk)
        return super().initial_of(task) | {"handoff": newest.number if newest else 1}


class Judgement(DeedForm):
    """A verdict on each criterion in force (`met-1`, `note-1`, …) of the submission that was looked at.

    The judgement follows from the verdicts: an approval, if every criterion is met.
    """

    submission = forms.IntegerField(widget=forms.HiddenInput)
    comment = fields.Area(required=False, max_length=limits.NOTE, rows=2, label="Overall (may be left empty)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = sorted(criteria.current(self.task))
        for number in self.numbers:
            self.fields[f"met-{number}"] = forms.ChoiceField(
                choices=[("yes", "met"), ("no", "not met")],
                error_messages={"required": f"Criterion {number} is not judged yet."},
            )
            self.fields[f"note-{number}"] = forms.CharField(
                max_length=limits.NOTE,
                error_messages={"required": f"The note on criterion {number} is blank."},
            )

    def initial_of(self, task: Task) -> dict[str, Any]:
        newest = submissions.latest(task.pk)
        return {"submission": newest.number if newest else 1}

    def focused(self) -> Self:
        """As it is: the page puts the cursor on the first verdict."""
        return self

    def findings(self) -> list[reviews.Finding]:
        """The verdicts, as the domain takes them."""
        said = self.cleaned_data
        return [reviews.Finding(n, said[f"met-{n}"] == "yes", said[f"note-{n}"]) for n in self.numbers]

    def verdict(self) -> Review.Judgement:
        """What follows from the verdicts."""
        met = all(finding.met for finding in self.findings())
        return Review.Judgement.APPROVE if met else Review.Judgement.REJECT
