"""Verbs: what an operator can do to rows of a list, each one domain call, after a page that says what will happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model

from tasks.domain import limits

Row = TypeVar("Row", bound=Model)


class Nothing(forms.Form):
    """For a verb that needs nothing said."""


class Reason(forms.Form):
    """Why; it goes into the log of every task."""

    reason = forms.CharField(max_length=limits.REASON, widget=AdminTextareaWidget(attrs={"rows": 3}))


@dataclass(frozen=True)
class Fate:
    """What a verb would make of one row; `becomes` null: it stays as it is.

    `says` are sentences about it, `why` is what the operator was shown and the deed is to be about, `advised` what to
    do instead, and `chosen` whether the row is ticked on the page that asks.
    """

    becomes: str | None
    says: Sequence[str] = ()
    advised: str = ""
    why: str = ""
    chosen: bool = True


def _never(row: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Verb(Generic[Row]):
    """One repair.

    `call` is the domain call; besides the row, `by` and `now` it takes the fields of the form `asks`; what it gives, if
    that is text, is reported. `becomes` tells what it makes of a row, or None where it does not apply; the domain has
    the last word. `starts` fills the form in for one row. `foresees` is there where a row alone does not tell: the
    fates of many in a fixed number of queries; with `takes_why` the call takes what the fate said as `why`.
    """

    name: str
    title: str
    explained: str
    asks: type[forms.Form]
    call: Callable[..., object]
    becomes: Callable[[Row], str | None]
    starts: Callable[[Row], dict[str, Any]] = _never
    foresees: Callable[[Sequence[Row], datetime], list[Fate]] | None = None
    takes_why: bool = False

    def fates(self, rows: Sequence[Row], *, now: datetime) -> list[Fate]:
        """What it would make of each of these rows."""
        return self.foresees(rows, now) if self.foresees else [Fate(self.becomes(row)) for row in rows]

    def do(self, row: Row, *, why: str, **given: Any) -> object:
        """The deed on one row. `why` is what its fate said when it was shown."""
        return self.call(row, **given, **({"why": why} if self.takes_why else {}))
