"""Filtering: the board's filters as the address has them, and as links and fields show them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from tasks.queries import offered
from tasks.queries.board_filters import STUCK, Filters

_LONGEST = 200
_STUCK = {
    "stale": "stale",
    "blocked": "blocked too long",
    "reviews": "waiting too long for a review",
    "you": "in need of a human",
}


def read(query: QueryDict) -> Filters:
    """The filters of an address. What cannot be meant is no filter: a link may be old, and the board is shown."""
    text = {
        name: query.get(name, "").replace("\0", "").strip()[:_LONGEST]
        for name in ("project", "label", "text")
    }
    stuck, priority = query.get("stuck", ""), query.get("priority", "").upper()
    return Filters(
        **text,
        assignee=query.get("assignee", "").replace("\0", "").strip().lower()[:_LONGEST],
        priority=int(priority[1]) if priority in ("P0", "P1", "P2", "P3") else None,
        stuck=stuck if stuck in STUCK else "",
    )


def write(filters: Filters, **changes: Any) -> str:
    """The query of an address with these filters, changed; empty where there are none."""
    given = {
        name: value for name, value in asdict(replace(filters, **changes)).items() if value not in ("", None)
    }
    if "priority" in given:
        given["priority"] = f"P{given['priority']}"
    return urlencode(given)


def fields(filters: Filters) -> dict[str, Any]:
    """What the fields offer, in two queries, and which are in use."""
    return {
        "projects": offered.projects(),
        "agents": offered.agents(),
        "priorities": [f"P{number}" for number in range(4)],
        "priority": "" if filters.priority is None else f"P{filters.priority}",
        "stuck": _STUCK.get(filters.stuck, ""),
        "without_stuck": write(filters, stuck=""),
    }
