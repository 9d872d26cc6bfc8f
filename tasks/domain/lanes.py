"""Lanes: finding the queue a task stands in (see `tasks.models.lane` for why there are several)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tasks.models import Lane


def for_task(*, project_id: int, reviewer_id: int | None, skills: Iterable[str]) -> Lane:
    """The lane of tasks with this project, reviewer and set of required skills; made on first use."""
    wanted = sorted(set(skills))
    key = json.dumps([project_id, reviewer_id, wanted], separators=(",", ":"), ensure_ascii=False)
    lane, _ = Lane.objects.get_or_create(
        key=key, defaults={"project_id": project_id, "reviewer_id": reviewer_id, "skills": wanted}
    )
    return lane
