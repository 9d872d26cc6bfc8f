"""The nearest names to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from django.db.models import F

from tasks.models import Agent, Project

_AT_MOST = 3
# The names compared at the most: a typo is worth milliseconds, not a scan of every agent there ever was.
_COMPARED = 2000


def agents(name: str) -> list[str]:
    """Up to three names of agents like `name`, best first."""
    lately = Agent.objects.order_by(F("last_seen_at").desc(nulls_last=True))
    return of(name, lately.values_list("name", flat=True)[:_COMPARED])


def projects(name: str) -> list[str]:
    """Up to three names of projects like `name`, best first."""
    return of(name, Project.objects.order_by("name").values_list("name", flat=True)[:_COMPARED])


def of(name: str, names: Iterable[str]) -> list[str]:
    """Up to three of `names` like `name`, best first."""
    return get_close_matches(name, list(names), n=_AT_MOST, cutoff=0.6)
