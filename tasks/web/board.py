"""The board: every task in the column of its state, four answers above it, who is here beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tasks.queries import board_answers, board_columns, board_rail, boards, references
from tasks.queries.board_filters import Filters
from tasks.web import board_filtering, board_showing, entry, parts, viewers

# Ids that one call may name; of more than the board tells one by one, only the first are looked at.
_LONGEST = 4000


@entry.reading
def board(request: HttpRequest) -> HttpResponse:
    """`GET /board/`: the whole page, narrowed by the filters in its address."""
    now = timezone.now()
    context = _asked(request, now)
    drawn = boards.drawn(context["filters"], now=now, waiting=context["waiting"], older=context["older"])
    context |= {
        "here": "board",
        "seq": drawn.seq,
        "columns": [_column(shown, context["actions"]) for shown in drawn.columns],
        "waits": board_showing.waiting(drawn.waiting),
        "rail": drawn.rail,
        "fields": board_filtering.fields(context["filters"]),
        "nothing": not any(column.count for column in drawn.columns)
        and not any((drawn.waiting or {}).values()),
        **board_showing.strip(drawn.answers),
    }
    return render(request, "board/board.html", context)


@entry.reading
def column(request: HttpRequest, name: str) -> HttpResponse:
    """`GET /board/columns/NAME?after=PLACE`: more cards of one column; alone a page, to the board's script a part."""
    if name not in board_columns.COLUMNS:
        raise Http404
    now = timezone.now()
    context = _asked(request, now)
    shown = boards.more(
        context["filters"], name, after=request.GET.get("after", ""), now=now, older=context["older"]
    )
    context |= {"here": "board", "column": _column(shown, context["actions"])}
    return parts.render(request, "board/_more.html", of="board/column.html", context=context)


@entry.reading
def changes(request: HttpRequest) -> HttpResponse:
    """`GET /board/changes?ids=T-1,T-2&freed=T-1&news=1`: what became of these tasks, for pages that are open.

    `freed`: of those, the ones others may have waited for. `news` adds the strip and the rail.
    """
    now = timezone.now()
    context = _asked(request, now)
    changed = boards.changes(
        context["filters"],
        _ids(request, "ids"),
        freed=_ids(request, "freed"),
        now=now,
        waiting=context["waiting"],
    )
    context |= {
        "cards": [(card, context["actions"].get(card.column)) for card in changed.cards],
        "left": [f"T-{pk}" for pk in changed.left],
        "counts": {name: board_showing.counted(count) for name, count in changed.counts.items()},
        "waits": board_showing.waiting(changed.waiting),
    }
    if request.GET.get("news"):
        context |= {"news": True, "rail": board_rail.drawn(now=now)}
        context |= board_showing.strip(board_answers.given(now=now))
    return render(request, "board/_changes.html", context)


def _asked(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What every part of the board knows of its address and of who looks."""
    filters: Filters = board_filtering.read(request.GET)
    return {
        "now": now,
        "filters": filters,
        "query": board_filtering.write(filters),
        "waiting": "waiting" in request.GET.getlist("show"),
        "older": "older" in request.GET.getlist("show"),
        "actions": board_showing.ACTIONS if viewers.signed_in(request) else {},
    }


def _column(shown: boards.Shown, actions: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": shown.name,
        "title": shown.title,
        "cards": shown.cards,
        "action": actions.get(shown.name),
        "more": shown.more,
        "count": shown.count,
        "counted": board_showing.counted(shown.count),
        "empty": board_showing.EMPTY[shown.name],
    }


def _ids(request: HttpRequest, name: str) -> list[int]:
    named = request.GET.get(name, "")[:_LONGEST].split(",")
    return [number for ref in named if (number := references.task_id(ref))]
