"""Names on offer: what a field proposes to somebody who types. Any other name may be typed."""

from __future__ import annotations

from tasks.models import Agent, Project

_MOST = 500


def agents(*, kind: Agent.Kind | None = None) -> list[str]:
    """The first names of agents, of one kind if it is given."""
    found = Agent.objects.order_by("name")
    if kind is not None:
        found = found.filter(kind=kind)
    return list(found.values_list("name", flat=True)[:_MOST])


def projects() -> list[str]:
    """The first names of projects."""
    return list(Project.objects.order_by("name").values_list("name", flat=True)[:_MOST])
