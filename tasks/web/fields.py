"""Fields of the forms that people fill in: they take what a person writes and give what a domain call takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from tasks.domain import agents, limits, projects
from tasks.domain.refusals import Invalid
from tasks.domain.submissions import Artifact

PRIORITIES = [(0, "P0, first"), (1, "P1"), (2, "P2"), (3, "P3, last")]
_BETWEEN = re.compile(r"[,\n]")


class Area(forms.CharField):
    """Text of any number of lines."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **options)


class Title(forms.CharField):
    """One line; line breaks and runs of spaces become one space."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


class Priority(forms.TypedChoiceField):
    """P0 to P3, as its number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=PRIORITIES, coerce=int, **options)


class Rows(forms.Field):
    """Texts, one an input of the same name; empty ones are left out. Shown by `templates/task/_rows.html`."""

    rows = True

    def __init__(self, *, longest: int, most: int, **options: Any) -> None:
        super().__init__(widget=_Several, **options)
        self.longest, self.most = longest, most

    def clean(self, value: Any) -> list[str]:
        texts = [text.strip() for text in value or () if text.strip()]
        if self.required and not texts:
            raise forms.ValidationError("Name at least one.")
        if len(texts) > self.most:
            raise forms.ValidationError(f"There are {len(texts)}; {self.most} is the most.")
        if any("\0" in text for text in texts):
            raise forms.ValidationError("Null characters are not allowed.")
        if long := next((text for text in texts if len(text) > self.longest), None):
            raise forms.ValidationError(f"'{long[:40]}…' is longer than {self.longest} characters.")
        return texts


class _Several(forms.Widget):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])


class Names(forms.CharField):
    """Short texts with commas between them, each once."""

    def __init__(self, *, longest: int, most: int, lower: bool = False, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.longest, self.most, self.lower = longest, most, lower

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))

    def clean(self, value: Any) -> list[str]:
        parts = [part.strip() for part in _BETWEEN.split(super().clean(value))]
        names = list(dict.fromkeys(part.lower() if self.lower else part for part in parts if part))
        if len(names) > self.most:
            raise forms.ValidationError(f"There are {len(names)}; {self.most} is the most.")
        if long := next((name for name in names if len(name) > self.longest), None):
            raise forms.ValidationError(f"'{long[:40]}…' is longer than {self.longest} characters.")
        return names


class Skills(Names):
    """What an agent needs to be given a task."""

    def __init__(self, **options: Any) -> None:
        told = "What an agent needs to be given it."
        super().__init__(
            longest=limits.SKILL, most=limits.SKILLS_NEEDED, lower=True, help_text=told, **options
        )


class Artifacts(Area):
    """Addresses or paths in the repository, one a line, each with a label before it or none: `Notes docs/a.md`."""

    def __init__(self, **options: Any) -> None:
        told = "Addresses or paths in the repository, one a line; a label may stand before each."
        super().__init__(rows=2, required=False, help_text=told, **options)

    def clean(self, value: Any) -> list[Artifact]:
        lines = [line.split() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > limits.ARTIFACTS:
            raise forms.ValidationError(f"There are {len(lines)}; {limits.ARTIFACTS} is the most.")
        return [_artifact(words) for words in lines]


class Known(forms.CharField):
    """The name of an agent there is, or None. A typing error must not make a new agent."""

    def __init__(self, **options: Any) -> None:
        attributes = {
            "list": "agent-names",
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        super().__init__(required=False, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> str | None:
        written = super().clean(value).removeprefix("@")
        if not written:
            return None
        try:
            return agents.known(agents.clean_name(written, field="agent"), field="agent").name
        except Invalid as refusal:
            told = refusal.extra["errors"]["agent"][0]
            raise forms.ValidationError(
                f"{told} {refusal.fix}" if "nearest" in refusal.fix else told
            ) from None


class ProjectName(forms.CharField):
    """The name of a project, lower-cased."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "project-names", "autocomplete": "off"})
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> str:
        try:
            return projects.clean_name(super().clean(value))
        except Invalid as refusal:
            raise forms.ValidationError(next(iter(refusal.extra["errors"].values()))) from None


class Moment(forms.DateTimeField):
    """A time in UTC, as a browser's own field writes it; None for none."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(required=False, widget=widget, **options)


def _artifact(words: list[str]) -> Artifact:
    *label, address = words
    if len(address) > limits.ADDRESS:
        raise forms.ValidationError(f"'{address[:40]}…' is longer than {limits.ADDRESS} characters.")
    named = " ".join(label) or address
    if label and len(named) > limits.ARTIFACT_LABEL:
        raise forms.ValidationError(f"'{named[:40]}…' is longer than {limits.ARTIFACT_LABEL} characters.")
    return Artifact(label=named[: limits.ARTIFACT_LABEL], url=address)
