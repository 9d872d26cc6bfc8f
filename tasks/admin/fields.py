"""Form fields for what has no field of its own in Django: lists of names, criteria, durations, texts of agents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import widgets
from django.forms.utils import pretty_name

from tasks import durations


class Text(forms.CharField):
    """A text of several lines, kept as it is but for the line ends that browsers make of it."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        super().__init__(strip=False, widget=widgets.AdminTextareaWidget(attrs={"rows": rows}), **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(_line_ends(value))


class Title(forms.CharField):
    """One line of up to 300 characters; runs of spaces become one space."""

    widget = forms.TextInput(attrs={"class": "vTextField wide"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(" ".join(value.split()) if isinstance(value, str) else value)


class Names(forms.CharField):
    """Names separated by commas; gives a list of up to `most`, each of up to `longest` characters."""

    widget = forms.TextInput(attrs={"class": "vTextField wide"})

    def __init__(self, *, longest: int, most: int, lower: bool = False, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.longest, self.most, self.lower = longest, most, lower

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        text = str(super().to_python(value))
        names = [name.strip() for name in (text.lower() if self.lower else text).split(",")]
        return [name for name in names if name]

    def validate(self, value: Any) -> None:
        _refuse_unfit(value, longest=self.longest, most=self.most)


class Lines(Text):
    """Texts, one per line; an indented line continues the one before. Gives a list, limited as `Names`."""

    def __init__(self, *, longest: int, most: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.longest, self.most = longest, most

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(text.replace("\n", "\n  ") for text in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        texts: list[str] = []
        for line in super().to_python(value).split("\n"):
            if texts and line.startswith("  "):
                texts[-1] += "\n" + line[2:]
            elif line.strip():
                texts.append(line.strip())
        return texts

    def validate(self, value: Any) -> None:
        super().validate(value)
        _refuse_unfit(value, longest=self.longest, most=self.most)


class Moment(widgets.AdminSplitDateTime):
    """A date and a time, in UTC; each of the two inputs has a name of its own, which Django's have not."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, told in zip(context["widget"]["subwidgets"], ("date", "time"), strict=True):
            part["attrs"]["aria-label"] = f"{pretty_name(name)}: {told} (UTC)"
        return context


class Duration(forms.CharField):
    """`90s`, `30m`, `4h`, `2d`; gives seconds, or None for nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return durations.write(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int) or not value:
            return value or None
        try:
            return int(durations.parse(str(value).strip()).total_seconds())
        except ValueError as error:
            raise forms.ValidationError("This takes a duration such as 90s, 30m, 4h or 2d.") from error


def _line_ends(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _refuse_unfit(texts: list[str], *, longest: int, most: int) -> None:
    if len(texts) > most:
        raise forms.ValidationError(f"This takes up to {most}; there are {len(texts)}.")
    if any(len(text) > longest for text in texts):
        raise forms.ValidationError(f"Each takes up to {longest} characters.")
    if any("\0" in text for text in texts):
        raise forms.ValidationError("Null characters are not allowed.")
