"""Cycles: finding them in a graph of any size, and breaking each at its newest edge.

Edges are taken up from the oldest to the newest, and one that would close a cycle is cut: it is the newest of that
cycle. The search is the one of Pearce and Kelly: an order of all nodes is kept, an edge along the order costs nothing,
and one against it searches only what lies between its ends. It stays near linear because nodes on no cycle are taken
out first, and because the order begins as one that fits all edges older than the first cycle, and the newer ones as
far as a depth-first walk can tell.
"""

from __future__ import annotations

import bisect
import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Edge = tuple[str, str]


@dataclass(frozen=True)
class Cut:
    """An edge that was left out, and the ring it would have closed, which begins and ends with the edge's ends."""

    edge: Edge
    ring: list[str]


def cut(edges: Sequence[Edge]) -> list[Cut]:
    """What to leave out of `edges`, given from the oldest to the newest, each once and none from a node to itself."""
    core = _core(edges)
    order = _Order(_first_order(core))
    return [Cut(edge, ring) for edge in core if (ring := order.add(*edge))]


def sort(edges: Iterable[Edge], ranks: Mapping[str, int] | None = None) -> dict[str, int]:
    """A place for every node of an acyclic graph, such that each edge leads from a later place to an earlier one.

    Nodes that may stand in either order are ordered by `ranks`, which may name nodes without edges too. Of a graph with
    cycles, the nodes on them and whatever leads there have no place.
    """
    rank = ranks or {}
    outgoing: dict[str, int] = dict.fromkeys(rank, 0)
    incoming: dict[str, list[str]] = defaultdict(list)
    for start, end in edges:
        outgoing[start] = outgoing.get(start, 0) + 1
        outgoing.setdefault(end, 0)
        incoming[end].append(start)
    free = [(rank.get(node, 0), node) for node, count in outgoing.items() if not count]
    heapq.heapify(free)
    places: dict[str, int] = {}
    while free:
        _, node = heapq.heappop(free)
        places[node] = len(places)
        for start in incoming[node]:
            outgoing[start] -= 1
            if not outgoing[start]:
                heapq.heappush(free, (rank.get(start, 0), start))
    return places


def _core(edges: Sequence[Edge]) -> list[Edge]:
    """The edges that are left once every node that nothing leads to, or that leads nowhere, is taken out."""
    backwards = [(end, start) for start, end in edges]
    leads_nowhere, unreached = sort(edges), sort(backwards)
    return [
        edge
        for edge in edges
        if not (leads_nowhere.keys() & set(edge)) and not (unreached.keys() & set(edge))
    ]


def _first_order(core: Sequence[Edge]) -> list[str]:
    """The nodes in an order along which all edges lead that are older than the first cycle, and many others."""
    ranks = {node: rank for rank, node in enumerate(reversed(_walk(core)))}
    too_many = bisect.bisect_left(
        range(len(core)), True, key=lambda count: len(sort(core[:count], ranks)) < len(ranks)
    )
    return list(sort(core[: too_many - 1], ranks))[::-1]


def _walk(edges: Sequence[Edge]) -> list[str]:
    """The nodes in the order in which a depth-first walk leaves them, backwards."""
    after: dict[str, list[str]] = defaultdict(list)
    for start, end in edges:
        after[start].append(end)
    left: list[str] = []
    seen: set[str] = set()
    for first, _ in edges:
        pending = [] if first in seen else [(first, iter(after[first]))]
        seen.add(first)
        while pending:
            if (other := next((one for one in pending[-1][1] if one not in seen), None)) is None:
                left.append(pending.pop()[0])
            else:
                seen.add(other)
                pending.append((other, iter(after[other])))
    return left[::-1]


class _Order:
    """An acyclic graph and an order of its nodes in which every edge leads forwards."""

    def __init__(self, nodes: Iterable[str]) -> None:
        self._place = {node: place for place, node in enumerate(nodes)}
        self._after: dict[str, list[str]] = defaultdict(list)
        self._before: dict[str, list[str]] = defaultdict(list)

    def add(self, start: str, end: str) -> list[str]:
        """Add an edge, unless it closes a cycle: then give the ring, from `end` on to `start`, and add nothing."""
        if self._place[end] < self._place[start]:
            found = self._reach(end, self._after, latest=self._place[start])
            if start in found:
                return _path(found, start)
            self._move(self._reach(start, self._before, earliest=self._place[end]), found)
        self._after[start].append(end)
        self._before[end].append(start)
        return []

    def _reach(
        self, origin: str, neighbours: dict[str, list[str]], *, earliest: int = 0, latest: int | None = None
    ) -> dict[str, str]:
        """Every node within the places that can be reached, and the one it was reached from."""
        last = len(self._place) if latest is None else latest
        found, pending = {origin: ""}, [origin]
        while pending:
            node = pending.pop()
            for other in neighbours.get(node, ()):
                if other not in found and earliest <= self._place[other] <= last:
                    found[other] = node
                    pending.append(other)
        return found

    def _move(self, ahead: Iterable[str], behind: Iterable[str]) -> None:
        """Share out the places of both groups anew: `ahead` first, each group in the order it had."""
        nodes = sorted(ahead, key=self._place.__getitem__) + sorted(behind, key=self._place.__getitem__)
        places = sorted(self._place[node] for node in nodes)
        self._place.update(zip(nodes, places, strict=True))


def _path(found: dict[str, str], node: str) -> list[str]:
    path = [node]
    while node := found[node]:
        path.append(node)
    return path[::-1]
