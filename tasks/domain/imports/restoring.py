"""Restoring: reading a board's own export back, into an empty board, so that nothing differs from the board it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.management.color import no_style
from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet

from tasks.domain import dependencies
from tasks.domain.imports import bulk, columns, lines
from tasks.domain.refusals import Conflict, Invalid
from tasks.models import Event, Project
from tasks.queries import exports

# A row may hold all of a line that was imported, besides its own columns.
_LONGEST = 8 * lines.LONGEST
_DEEPEST = 2 * lines.DEEPEST


class Damaged(Invalid):
    """The file is no whole export, or not as it was written; the line is named, and nothing was written."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(
            {"file": [f"line {line}: {why}."]}, fix="Export the board again and give that file as it is."
        )


class NotEmpty(Conflict):
    """There is something on this board already."""


def take(
    stream: BinaryIO,
    *,
    models: Sequence[type[Model]] = exports.MODELS,
    beginnings: Sequence[QuerySet[Any]] = (),
    tick: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write all rows of an export, with their ids, in one transaction; gives how many there were.

    Refuses a board that holds anything as NotEmpty and a file that is not as it was written as Damaged. `beginnings`
    are rows of these models that every board begins with. `tick` is told how many rows are written.
    """
    with bulk.change():
        dependencies.lock_graph()
        _empty(models, [Project.objects.filter(name=Project.DEFAULT), *beginnings])
        restored = _Restored(models)
        for line in lines.read(stream, longest=_LONGEST, deepest=_DEEPEST):
            restored.take(line)
            if line.number % bulk.AT_ONCE == 0:
                tick(restored.rows)
        restored.finish()
        tick(restored.rows)
        return restored.rows


def _empty(models: Sequence[type[Model]], beginnings: Sequence[QuerySet[Any]]) -> None:
    """Refuse a board with anything on it; what every board begins with makes room for the file's."""
    found = {model: model._default_manager.count() for model in models}
    for rows in beginnings:
        found[rows.model] -= rows.count()
    there = ", ".join(
        f"{count:,} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
        for model, count in found.items()
        if count
    )
    if there:
        raise NotEmpty(
            f"This board is not empty: it holds {there}.",
            fix="Set AGENTBOARD_DATA_DIR or AGENTBOARD_DATABASE_URL to a new place, and import there.",
        )
    for rows in beginnings:
        rows.delete()


@dataclass
class _Restored:
    """What was read so far, and the rows that wait to be written together."""

    models: Sequence[type[Model]]
    rows: int = 0
    ended: bool = False
    last_line: int = 0
    _events: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)
    _waiting: list[tuple[int, Model]] = field(default_factory=list)

    def take(self, line: lines.Line) -> None:
        """Take the next line: the header, a row or the last line."""
        self.last_line = line.number
        if line.broken or line.replaced:
            raise Damaged(line.number, line.broken or "it holds characters that no export holds")
        if self.ended:
            raise Damaged(line.number, "it comes after the last line of the export")
        if line.number == 1:
            _refuse_other_format(line.value)
        elif line.value.get("end") is True:
            self._end(line)
        else:
            self._add(line)
        self._digest.update(line.raw)

    def finish(self) -> None:
        """Write what waits, and check what can only be seen at the end."""
        if not self.ended:
            raise Damaged(self.last_line + 1, "the last line of the export is missing; the file was cut off")
        self._write()
        try:
            connection.check_constraints()
        except DatabaseError as error:
            raise Damaged(
                self.last_line, f"a row names one that is not in the file ({_said(error)})"
            ) from None
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), self.models):
                cursor.execute(statement)

    def _end(self, line: lines.Line) -> None:
        if line.value != exports.trailer(self.rows, self._digest.hexdigest()):
            raise Damaged(
                line.number, f"it speaks of other rows than the {self.rows} before it; the file was changed"
            )
        self.ended = True

    def _add(self, line: lines.Line) -> None:
        try:
            row = columns.read(line.value, self.models)
        except columns.Wrong as wrong:
            raise Damaged(line.number, str(wrong)) from None
        if isinstance(row, Event):
            # They are in the file in the order of their numbers, which have no gaps.
            self._events += 1
            row.seq = self._events
        if self._waiting and (
            type(self._waiting[0][1]) is not type(row) or len(self._waiting) >= bulk.AT_ONCE
        ):
            self._write()
        self._waiting.append((line.number, row))
        self.rows += 1

    def _write(self) -> None:
        if not self._waiting:
            return
        first, last = self._waiting[0][0], self._waiting[-1][0]
        model = type(self._waiting[0][1])
        try:
            model._default_manager.bulk_create([row for _, row in self._waiting])
        except (DatabaseError, OverflowError) as error:
            raise Damaged(first, f"the rows from here to line {last} do not fit ({_said(error)})") from None
        self._waiting.clear()


def _refuse_other_format(header: dict[str, Any]) -> None:
    if header.get("format") != exports.FORMAT:
        raise Damaged(1, "it does not say that this is an export of a board")
    if header.get("version") != exports.VERSION:
        raise Damaged(1, f"its version is not {exports.VERSION}, which is the one this program reads")


def _said(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
