"""Recipients: which agents a saying reaches, and why. Names that nobody has stay text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from channels_app.models import Notice
from tasks import markup
from tasks.models import Agent

# SQLite takes 32,766 parameters in a statement, and a text of 20,000 characters may stand for as many names.
_AT_ONCE = 10_000


class Said(Protocol):
    """What is looked at: see `delivery.Saying`."""

    @property
    def by(self) -> Agent | None: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def addressed(self) -> Mapping[str, Notice.Kind]: ...


@dataclass(frozen=True)
class Reached:
    """The agents that get a notice, by id, and all names in the text that are somebody's."""

    agents: dict[int, Notice.Kind]
    names: list[str]


def of(sayings: Sequence[Said]) -> list[Reached]:
    """For each saying whom it reaches: the addressed, then the mentioned, each agent once, never its own author."""
    mentioned = [[one for text in saying.words for one in markup.mentions(text)] for saying in sayings]
    wanted = {name for every in mentioned for names in every for name in names}
    ids = _known(wanted.union(*(saying.addressed for saying in sayings)))
    reached = []
    for saying, every in zip(sayings, mentioned, strict=True):
        found = [next((name for name in names if name in ids), None) for names in every]
        names = list(dict.fromkeys([*filter(ids.get, saying.addressed), *filter(None, found)]))
        kinds = {ids[name]: saying.addressed.get(name, Notice.Kind.MENTION) for name in names}
        if saying.by:
            kinds.pop(saying.by.pk, None)
        reached.append(Reached(kinds, names))
    return reached


def _known(names: Collection[str]) -> dict[str, int]:
    """Those of the names that an agent has, and its id."""
    every = sorted(names)
    ids: dict[str, int] = {}
    for start in range(0, len(every), _AT_ONCE):
        some = Agent.objects.filter(name__in=every[start : start + _AT_ONCE])
        ids.update(some.values_list("name", "pk"))
    return ids
