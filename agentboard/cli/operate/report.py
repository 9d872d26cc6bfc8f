"""Report: the summary of an import as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentboard.cli import plain

_MOST_SHOWN = 20
_LONGEST_RING = 8


def of_import(name: str, summary: Mapping[str, Any]) -> str:
    """The lines to print; `summary` is the importer's as plain values, `name` the file's."""
    return "\n".join(_lines(name, summary))


def _lines(name: str, summary: Mapping[str, Any]) -> Iterator[str]:
    dependencies, parents = summary["dependencies"], summary["parents"]
    yield f"{plain.line(name)}: {summary['lines']:,} lines, into the project {summary['project']}"
    yield _counted(
        summary["taken"], "taken", f"{summary['finished']:,} finished, {summary['ready']:,} ready now"
    )
    if summary["already_here"]:
        yield _counted(summary["already_here"], "already here", "left as they are")
    yield from _reasons("changed on the way", summary["mapped"])
    yield from _reasons("skipped", summary["skipped"])
    yield from _broken(summary["broken"])
    yield _counted(dependencies["kept"], "dependencies")
    yield from _reasons("dependencies dropped", dependencies["dropped"])
    yield _counted(parents["kept"], "parents")
    yield from _reasons("parents dropped", parents["dropped"])
    yield from _reasons("other links, kept in the task's origin", summary["links_in_origin"])
    yield from _cycles(summary["cycles"])
    yield _counted(summary["comments"], "comments")
    yield _counted(summary["agents"], "new agents")
    yield from _advice(summary)


def _counted(count: int, what: str, more: str = "") -> str:
    return f"{count:>9,}  {what}" + (f" ({more})" if more else "")


def _reasons(title: str, reasons: Mapping[str, int]) -> Iterator[str]:
    if not reasons:
        return
    yield f"{sum(reasons.values()):>9,}  {title}"
    for why, count in list(reasons.items())[:_MOST_SHOWN]:
        yield f"{count:>17,}  {plain.line(why)}"
    yield from _rest(len(reasons), "reasons")


def _broken(lines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not lines:
        return
    yield _counted(len(lines), "lines that cannot be used")
    for line in lines[:_MOST_SHOWN]:
        yield f"           line {line['line']}: {plain.line(line['why'])}"
    yield from _rest(len(lines), "lines")


def _cycles(cycles: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not cycles:
        return
    yield _counted(len(cycles), "cycles, each broken at its newest edge")
    for cycle in cycles[:_MOST_SHOWN]:
        verb = "no longer waits for" if cycle["kind"] == "dependency" else "is no longer a child of"
        ring = [plain.line(one) for one in (*cycle["ring"], cycle["cut"])]
        if len(ring) > _LONGEST_RING:
            ring = [*ring[: _LONGEST_RING - 1], "…", ring[-1]]
        yield f"           {plain.line(cycle['task'])} {verb} {plain.line(cycle['cut'])} ({' → '.join(ring)})"
    yield from _rest(len(cycles), "cycles")


def _rest(count: int, what: str) -> Iterator[str]:
    if count > _MOST_SHOWN:
        yield f"           … and {count - _MOST_SHOWN:,} more {what}; --json names them all"


def _advice(summary: Mapping[str, Any]) -> Iterator[str]:
    if summary["without_criteria"]:
        yield (
            f"{summary['without_criteria']:,} unfinished tasks have no done criteria, so nobody is given them."
            ' --criteria "…" gives new ones a default; agentboard edit changes one that is here.'
        )
    if summary["dry_run"]:
        yield "This was a dry run: nothing was written."
    elif not summary["taken"]:
        yield "Nothing was changed."
