"""The pause of the whole team, as the events tell it that began and ended it."""

from __future__ import annotations

from datetime import UTC, datetime

from tasks.models import Event

# The end of a pause that lasts until somebody ends it.
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)
_LOOKED_AT = 100


def until(*, now: datetime) -> datetime | None:
    """When it ends, or None if the team is not paused. Of several that were begun since the last end, the longest."""
    said = Event.objects.order_by("-at", "-pk")
    resumed = said.filter(kind="team.resumed").values_list("pk", flat=True).first() or 0
    paused = said.filter(kind="team.paused", pk__gt=resumed).values_list("data", flat=True)[:_LOOKED_AT]
    ends = [datetime.fromisoformat(data["until"]) if data["until"] else FOR_GOOD for data in paused]
    return max((end for end in ends if end > now), default=None)
