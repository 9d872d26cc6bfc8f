"""Columns: the row of an export as an instance of its model, each value checked to be of its column's type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Field, Model

from tasks.domain.imports import typed
from tasks.queries import exports


class Wrong(Exception):
    """The row does not fit the models; the message says why."""


def read(values: dict[str, Any], known: Sequence[type[Model]]) -> Model:
    """The instance, not saved, of the model that the row names. Raises Wrong."""
    label = values.get("model")
    model = next((one for one in known if one._meta.label_lower == label), None)
    if model is None:
        raise Wrong(f"there is no model '{str(label)[:60]}'")
    fields = {field.attname: field for field in exports.fields(model, known)}
    _refuse_other_names(values.keys() - {"model"}, fields)
    return model(**{name: _value(field, values[name]) for name, field in fields.items()})


def _refuse_other_names(given: set[str], fields: Mapping[str, Field[Any, Any]]) -> None:
    if extra := sorted(given - fields.keys()):
        raise Wrong(f"there is no column '{extra[0][:60]}'")
    if missing := sorted(fields.keys() - given):
        raise Wrong(f"the column '{missing[0]}' is missing")


def _value(field: Field[Any, Any], value: Any) -> Any:
    if value is None:
        if not field.null:
            raise Wrong(f"{field.attname} is null")
        return None
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    for kind, convert in _CONVERT.items():
        if isinstance(target, kind):
            try:
                return convert(value)
            except (TypeError, ValueError):
                raise Wrong(f"{field.attname} cannot be {typed.kind(value)} such as this") from None
    raise NotImplementedError(f"exports do not know columns such as {field}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _time(value: Any) -> datetime:
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError
    return time


_CONVERT: dict[type[Field[Any, Any]], Callable[[Any], Any]] = {
    models.CharField: _text,
    models.TextField: _text,
    models.IntegerField: _whole,
    models.BooleanField: _truth,
    models.DateTimeField: _time,
    models.JSONField: lambda value: value,
}
