"""Beads: taking in the issues of a beads tracker, written as JSON lines.

The file is read and checked as a whole first, then written in one transaction. A record is recognised by its id, kept
as the task's `external_id`: what is on the board already is left as it is, so a second import changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from tasks.domain import dependencies, limits, projects
from tasks.domain.imports import bulk, edges, lines, records, writing
from tasks.domain.imports.records import Link, Record
from tasks.domain.imports.summary import Summary
from tasks.domain.imports.typed import Unusable
from tasks.domain.refusals import Invalid
from tasks.models import Project
from tasks.queries import references

# Told the stage ("reading": bytes; "writing": tasks), how much is done, and of how much (0: unknown).
Progress = Callable[[str, int, int], None]


def take(
    stream: BinaryIO,
    *,
    now: datetime,
    project: str = Project.DEFAULT,
    default_criteria: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = lambda stage, done, of: None,
) -> Summary:
    """Take in all records of a file that are work, or, in a dry run, find out what would become of them.

    `default_criteria` are given to unfinished tasks that have none. Refused as Invalid, with nothing written: a file in
    which no line is a JSON object, a project's name or default criteria that cannot be.
    """
    summary = Summary(projects.clean_name(project), dry_run)
    criteria = _checked(default_criteria)
    file = _read(stream, summary, now=now, progress=progress)
    with bulk.change(dry_run=dry_run):
        dependencies.lock_graph()
        here = _already_here(file, summary.project)
        new = [record for record in file.records if record.id not in here]
        summary.already_here = len(file.records) - len(new)
        if new:
            summary.edges = edges.resolve(new, here=here, skipped=file.skipped)
            _note_edges_of_old(file, here, summary)
            writing.write(
                new,
                summary,
                here=here,
                default_criteria=criteria,
                now=now,
                tick=lambda done: progress("writing", done, len(new)),
            )
    return summary


@dataclass
class _File:
    """What was read: tasks to be, and the ids that become none with what they link to."""

    records: list[Record] = field(default_factory=list)
    skipped: dict[str, Sequence[Link]] = field(default_factory=dict)
    first_line: dict[str, int] = field(default_factory=dict)


def _checked(criteria: Sequence[str]) -> list[str]:
    texts = [text.strip() for text in criteria]
    wrong = [
        text for text in texts if not text or len(text) > limits.CRITERION or lines.storable(text) != text
    ]
    if wrong or len(texts) > limits.CRITERIA:
        raise Invalid(
            {"criteria": [f"These are up to {limits.CRITERIA} texts of 1 to {limits.CRITERION} characters."]},
            fix="Correct the criteria and import the file again; nothing was written.",
        )
    return texts


def _read(stream: BinaryIO, summary: Summary, *, now: datetime, progress: Progress) -> _File:
    file, size, objects = _File(), 0, 0
    for line in lines.read(stream):
        summary.lines += 1
        size += len(line.raw)
        if line.broken:
            summary.broken.append((line.number, line.broken))
        else:
            objects += 1
            _read_one(line, file, summary, now=now)
        if summary.lines % bulk.AT_ONCE == 0:
            progress("reading", size, 0)
    progress("reading", size, size)
    if not objects:
        raise Invalid(
            {"file": ["No line of it is a JSON object."]},
            fix="Give the file that beads keeps, .beads/issues.jsonl, with one record a line.",
        )
    return file


def _read_one(line: lines.Line, file: _File, summary: Summary, *, now: datetime) -> None:
    external = ""
    try:
        external = records.identify(line.value)
        if external in file.first_line:
            raise Unusable(f"'{external}' is on line {file.first_line[external]} already")
        file.first_line[external] = line.number
        record = records.read(line.number, line.value, now=now)
    except records.Skipped as skipped:
        summary.skipped[str(skipped)] += 1
        file.skipped[external] = records.links_if_any(line.value, now=now)
    except Unusable as unusable:
        summary.broken.append((line.number, str(unusable)))
        if file.first_line.get(external) == line.number:
            file.skipped[external] = records.links_if_any(line.value, now=now)
    else:
        if line.replaced:
            record.mapped.append("characters that cannot be stored become U+FFFD")
        file.records.append(record)


def _already_here(file: _File, project: str) -> dict[str, int]:
    """The ids of the tasks on the board that the file speaks of, by record id."""
    row = Project.objects.filter(name=project).first()
    if row is None:
        return {}
    wanted = {record.id for record in file.records}
    wanted |= {link.target for record in file.records for link in record.links}
    return references.by_external_id(row.pk, wanted)


def _note_edges_of_old(file: _File, here: dict[str, int], summary: Summary) -> None:
    """A task that was here is not changed, so it does not wait for what comes in now."""
    late = sum(
        link.kind == records.BLOCKS and link.target not in here and link.target in file.first_line
        and link.target not in file.skipped
        for record in _old(file, here)
        for link in record.links
    )  # fmt: skip
    if late:
        summary.edges.dropped["its own task was here already"] = late


def _old(file: _File, here: dict[str, int]) -> Iterator[Record]:
    return (record for record in file.records if record.id in here)
