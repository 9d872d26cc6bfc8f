"""Edges: which of the links between records become dependencies and parents, and why the others do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tasks.domain.imports import cycles
from tasks.domain.imports.records import BLOCKS, PARENT, Link, Record

_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass
class Edges:
    """What the links come to. All names are record ids; `waits_for` holds (task, what it waits for), blockers first."""

    waits_for: list[cycles.Edge] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    links: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    parents_dropped: Counter[str] = field(default_factory=Counter)
    cuts: list[cycles.Cut] = field(default_factory=list)
    parent_cuts: list[cycles.Cut] = field(default_factory=list)


def resolve(new: Sequence[Record], *, here: Collection[str], skipped: Mapping[str, Sequence[Link]]) -> Edges:
    """The edges of the `new` records, among each other and to tasks that are `here` (both by record id).

    `skipped` are the ids of the file that become no task, with what they link to. A cycle is broken at its newest
    edge; of several parents the first one that can be is it.
    """
    known = {record.id for record in new} | set(here)
    edges = Edges()
    blocks, parents = (list(_named(new, kind)) for kind in (BLOCKS, PARENT))
    edges.links.update(
        link.kind for record in new for link in record.links if link.kind not in (BLOCKS, PARENT)
    )
    for kind, dropped in ((BLOCKS, edges.dropped), (PARENT, edges.parents_dropped)):
        count = sum(link.kind == kind for links in skipped.values() for link in links)
        dropped.update({"its own record is skipped": count} if count else {})
    _connect(edges, _usable(blocks, edges.dropped, known=known, skipped=skipped))
    _adopt(edges, _usable(parents, edges.parents_dropped, known=known, skipped=skipped))
    return edges


@dataclass(frozen=True, slots=True)
class _Edge:
    """A link with the record it starts from."""

    start: str
    link: Link

    @property
    def ends(self) -> cycles.Edge:
        return (self.start, self.link.target)


def _named(records: Sequence[Record], kind: str) -> Iterator[_Edge]:
    for record in records:
        for link in record.links:
            if link.kind == kind:
                yield _Edge(record.id, link)


def _usable(
    found: Sequence[_Edge], dropped: Counter[str], *, known: set[str], skipped: Mapping[str, Sequence[Link]]
) -> list[_Edge]:
    usable: dict[cycles.Edge, _Edge] = {}
    for edge in found:
        target = edge.link.target
        if target == edge.start:
            dropped["to itself"] += 1
        elif edge.ends in usable:
            dropped["stands there twice"] += 1
        elif target in skipped:
            dropped["to a record that is skipped"] += 1
        elif target not in known:
            dropped["to a record that is not there"] += 1
        else:
            usable[edge.ends] = edge
    return list(usable.values())


def _connect(edges: Edges, usable: list[_Edge]) -> None:
    by_age = _by_age(usable)
    edges.cuts = cycles.cut(by_age)
    if edges.cuts:
        edges.dropped["closes a cycle"] = len(edges.cuts)
    gone = {cut.edge for cut in edges.cuts}
    kept = [edge for edge in by_age if edge not in gone]
    # With every blocker before what waits for it, the database has no path to follow to see that there is no cycle.
    places = cycles.sort(kept)
    edges.waits_for = sorted(kept, key=lambda edge: places[edge[0]])


def _adopt(edges: Edges, usable: list[_Edge]) -> None:
    first: dict[str, _Edge] = {}
    for edge in usable:
        if edge.start in first:
            edges.parents_dropped["has another parent"] += 1
        else:
            first[edge.start] = edge
    edges.parent_cuts = cycles.cut(_by_age(list(first.values())))
    if edges.parent_cuts:
        edges.parents_dropped["closes a cycle"] = len(edges.parent_cuts)
    gone = {cut.edge for cut in edges.parent_cuts}
    edges.parents = dict(edge.ends for edge in first.values() if edge.ends not in gone)


def _by_age(found: list[_Edge]) -> list[cycles.Edge]:
    # The order of the file decides among edges of one age; an edge without a date is the least to be trusted.
    return [edge.ends for edge in sorted(found, key=lambda edge: edge.link.created_at or _UNDATED)]
