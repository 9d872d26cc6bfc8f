"""Exports: the whole board as JSON lines, the same bytes from either database.

The first line names the format and its version, each further one is a row, and the last one counts the rows and holds
the SHA-256 of all that comes before it, so that a file which was cut off or changed is known for one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model

from tasks.models import (
    Agent,
    Attempt,
    Block,
    Comment,
    Criterion,
    Delivery,
    Dependency,
    Digest,
    Event,
    Evidence,
    Handoff,
    Lane,
    Override,
    Project,
    Review,
    SignInLink,
    Submission,
    Task,
    TaskLabel,
    Token,
    Verdict,
    Webhook,
)
from tasks.queries import snapshots

FORMAT = "agentboard"
VERSION = 1
# In the order they are written and can be read back: a row comes after what the database looks at when it is added.
# Criteria come before their tasks, because those of a task that was claimed are frozen.
MODELS: Sequence[type[Model]] = (
    Project,
    Agent,
    Lane,
    Criterion,
    Task,
    TaskLabel,
    Block,
    Dependency,
    Comment,
    Attempt,
    Handoff,
    Submission,
    Evidence,
    Review,
    Verdict,
    Override,
    Digest,
    Event,
    Webhook,
    Delivery,
)
# Keys to this server, which are no part of the board: not even their hashes leave it.
LEFT_OUT: Sequence[type[Model]] = (SignInLink, Token)
# Rows come in the order of their ids, but for events: theirs is that of their numbers, which are not in the file. Those
# without one come last on PostgreSQL, and SQLite has none.
_ORDER: Mapping[type[Model], Sequence[str]] = {Event: ("seq", "pk")}
_ROWS_AT_ONCE = 1000
# From here on floats are written with an exponent, which PostgreSQL's JSON does not keep.
_EXPONENT_FROM = 1e16


def lines(models: Sequence[type[Model]] = MODELS) -> Iterator[bytes]:
    """The lines of an export of `models`, all of one moment, each with its line break."""
    header = encode({"format": FORMAT, "version": VERSION})
    digest, rows = hashlib.sha256(header), 0
    yield header
    with snapshots.one_moment():
        for line in _rows(models):
            digest.update(line)
            rows += 1
            yield line
    yield encode(trailer(rows, digest.hexdigest()))


def fields(model: type[Model], models: Sequence[type[Model]]) -> list[Field[Any, Any]]:
    """The fields of a model that an export holds.

    Left out are those the database computes, those it keeps by itself (not editable), and links to models that are not
    exported (accounts), which must be nullable.
    """
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable
        and not field.generated
        and (field.related_model is None or field.related_model in models)
    ]


def trailer(rows: int, digest: str) -> dict[str, Any]:
    """What the last line says: the rows there are and the SHA-256, in hexadecimal, of all lines before it."""
    return {"end": True, "rows": rows, "sha256": digest}


def encode(value: dict[str, Any]) -> bytes:
    """One line, as UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _rows(models: Sequence[type[Model]]) -> Iterator[bytes]:
    for model in models:
        names = [field.attname for field in fields(model, models)]
        rows = model._default_manager.order_by(*_ORDER.get(model, ("pk",))).values_list(*names)
        for row in rows.iterator(chunk_size=_ROWS_AT_ONCE):
            values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
            yield encode({"model": model._meta.label_lower, **values})


def _plain(value: Any) -> Any:
    """The JSON value of a column. PostgreSQL keeps neither the order of keys nor the way a number was written."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return int(Decimal(repr(value))) if abs(value) >= _EXPONENT_FROM else value + 0.0
    return value
