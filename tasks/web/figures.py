"""Figures: charts as tables, which `static/js/charts.js` draws from. Every value is there as text and as a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tasks import durations
from tasks.models import Status
from tasks.queries.charts import Charts, Member, Span


@dataclass(frozen=True)
class Cell:
    """A value: how it is written, and the number that is drawn (None: there is none)."""

    text: str
    value: float | None


@dataclass(frozen=True)
class Figure:
    """One chart. `says` is it in a sentence, `once` is what has to happen for there to be something to draw.

    `kind` is bars, lines or areas, `unit` count, seconds or share; a column is a name and the ink it is drawn with.
    """

    title: str
    says: str
    once: str
    kind: str
    unit: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[date, str, Sequence[Cell]]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        values = [cell.value for _, _, cells in self.rows for cell in cells]
        return set(values) <= ({None} if self.unit == "seconds" else {None, 0})


_NOTHING_YET = Cell("—", None)
# From the bottom of the pile to its top, each with its ink.
_PILE = {
    Status.DONE: ("Done", "green"),
    Status.VALIDATING: ("Validating", "accent"),
    Status.DOING: ("Doing", "ink"),
    Status.BLOCKED: ("Blocked", "red"),
    Status.TODO: ("To do", "edge"),
}


def of(charts: Charts) -> dict[str, Any]:
    """What the page of the digest shows of the charts."""
    return {
        "days": charts.days,
        "total": charts.total,
        "median": _time(charts.total.median),
        "p85": _time(charts.total.p85),
        "rate": _share(charts.total.tally.rejection_rate),
        "charts": [_throughput(charts), _flow(charts), _cycle_time(charts), _rejections(charts)],
        "members": list(_members(charts.members)),
        "members_left_out": charts.members_left_out,
    }


def _throughput(charts: Charts) -> Figure:
    done = charts.total.tally.done
    says = f"{done} in {charts.days} days, {done / charts.days:.1f} a day"
    rows = _rows(charts.daily, lambda span: [_count(span.tally.done), _count(span.tally.overridden)])
    columns = [("Done", "accent"), ("of them without an approval", "amber")]
    return Figure("Throughput per day", says, "a task is done", "bars", "count", columns, rows)


def _flow(charts: Charts) -> Figure:
    rows: list[tuple[date, str, Sequence[Cell]]] = []
    for level in charts.flow:
        # Before the first task there is nothing to draw: a line along the ground would end in a cliff.
        begun = bool(rows and rows[-1][2][0].value is not None) or any(level.tasks.values())
        counts = [_count(level.tasks[status]) for status in _PILE]
        rows.append((level.day, _day(level.day), counts if begun else [_NOTHING_YET for _ in _PILE]))
    now = charts.flow[-1].tasks
    says = "Now " + ", ".join(f"{now[status]:,} {name.lower()}" for status, (name, _) in _PILE.items())
    title, once = "Cumulative flow: tasks in each state", "there is a task"
    return Figure(title, says, once, "areas", "count", list(_PILE.values()), rows)


def _cycle_time(charts: Charts) -> Figure:
    says = f"Median {_time(charts.total.median).text}, 85th percentile {_time(charts.total.p85).text}"
    if charts.total.median is None:
        says = "No task was finished in this time."
    rows = _rows(charts.spans, lambda span: [_time(span.median), _time(span.p85)])
    columns = [("Median", "accent"), ("85th percentile", "edge")]
    title, once = f"Cycle time, first claim to done, {_each(charts)}", "a task that was claimed is done"
    return Figure(title, says, once, "lines", "seconds", columns, rows)


def _rejections(charts: Charts) -> Figure:
    rate = charts.total.tally.rejection_rate
    says = (
        f"{_share(rate).text} of what was judged" if rate is not None else "Nothing was judged in this time."
    )
    rows = _rows(charts.spans, lambda span: [_share(span.tally.rejection_rate)])
    title, once = f"Rejection rate, {_each(charts)}", "a submission is rejected"
    return Figure(title, says, once, "bars", "share", [("Rejected", "red")], rows)


def _each(charts: Charts) -> str:
    return "per day" if len(charts.spans) == charts.days else "per week"


def _rows(
    spans: Iterable[Span], cells: Callable[[Span], list[Cell]]
) -> list[tuple[date, str, Sequence[Cell]]]:
    return [(span.first, _span(span), cells(span)) for span in spans]


def _members(members: Sequence[Member]) -> Iterable[dict[str, Any]]:
    most = max((one.tally.done + one.tally.rejected for one in members), default=0) or 1
    longest = max((one.held for one in members), default=0) or 1
    for one in members:
        yield {
            "name": one.name,
            "done": one.tally.done,
            "rejected": one.tally.rejected,
            "rate": _share(one.tally.rejection_rate).text,
            "hours": f"{one.held / 3600:,.1f}",
            # Of a hundred.
            "done_width": round(100 * one.tally.done / most, 1),
            "rejected_width": round(100 * one.tally.rejected / most, 1),
            "held_width": round(100 * one.held / longest, 1),
        }


def _span(span: Span) -> str:
    return _day(span.first) if span.first == span.last else f"{_day(span.first)} – {_day(span.last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _count(number: int) -> Cell:
    return Cell(f"{number:,}", number)


def _time(seconds: float | None) -> Cell:
    return Cell("—" if seconds is None else durations.coarse(seconds), seconds)


def _share(share: float | None) -> Cell:
    return Cell("—" if share is None else f"{share:.0%}", share)
