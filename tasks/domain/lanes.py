"""Lanes: finding the queue a task stands in (see `tasks.models.lane` for why there are several)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from tasks.models import Lane

# Project, reviewer and skills of a task.
Place = tuple[int, int | None, frozenset[str]]
# PostgreSQL cannot index a longer key; skills of sixty characters in any script would make one.
_LONGEST_KEY = 500


def for_task(*, project_id: int, reviewer_id: int | None, skills: Iterable[str]) -> Lane:
    """The lane of tasks with this project, reviewer and set of required skills; made on first use."""
    place = (project_id, reviewer_id, frozenset(skills))
    return for_tasks([place])[place]


def for_tasks(places: Iterable[Place]) -> dict[Place, Lane]:
    """The lanes of tasks with these places, made on first use; one query for all that there are."""
    keys = {_key(place): place for place in places}
    found = {keys[lane.key]: lane for lane in Lane.objects.filter(key__in=keys)}
    # Sorted, because two calls that make the same lanes in different orders would deadlock.
    for key in sorted(keys):
        if keys[key] not in found:
            project_id, reviewer_id, skills = keys[key]
            facts = {"project_id": project_id, "reviewer_id": reviewer_id, "skills": sorted(skills)}
            found[keys[key]], _ = Lane.objects.get_or_create(key=key, defaults=facts)
    return found


def _key(place: Place) -> str:
    project_id, reviewer_id, skills = place
    key = json.dumps([project_id, reviewer_id, sorted(skills)], separators=(",", ":"), ensure_ascii=False)
    return key if len(key.encode()) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()
