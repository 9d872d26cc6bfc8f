"""Breaking cycles: each at its newest edge, on graphs of any size."""

import random
import time
from graphlib import CycleError, TopologicalSorter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.imports import cycles

pytestmark = pytest.mark.once

MANY = 10_000
nodes = st.sampled_from("abcdefgh")
graphs = st.lists(st.tuples(nodes, nodes).filter(lambda edge: edge[0] != edge[1]), unique=True, max_size=30)


def naive(edges: list[cycles.Edge]) -> list[cycles.Edge]:
    """The edges to cut, oldest first: one at a time, by searching everything again for each."""
    kept, cut = [], []
    for edge in edges:
        graph: dict[str, set[str]] = {}
        for start, end in [*kept, edge]:
            graph.setdefault(start, set()).add(end)
        try:
            TopologicalSorter(graph).prepare()
            kept.append(edge)
        except CycleError:
            cut.append(edge)
    return cut


@given(graphs)
def test_what_is_cut_is_what_a_search_of_everything_would_cut(edges):
    assert [cut.edge for cut in cycles.cut(edges)] == naive(edges)


@given(graphs)
def test_the_ring_that_is_named_is_one_of_older_edges(edges):
    age = {edge: at for at, edge in enumerate(edges)}
    for cut in cycles.cut(edges):
        assert (cut.ring[-1], cut.ring[0]) == cut.edge
        assert all(age[edge] < age[cut.edge] for edge in zip(cut.ring, cut.ring[1:], strict=False))


@given(graphs)
def test_what_is_left_is_sorted_with_every_end_before_its_start(edges):
    cut = {cut.edge for cut in cycles.cut(edges)}
    kept = [edge for edge in edges if edge not in cut]
    places = cycles.sort(kept)
    assert places.keys() == {node for edge in kept for node in edge}
    assert all(places[end] < places[start] for start, end in kept)


def chain(length: int) -> list[cycles.Edge]:
    return [(str(at + 1), str(at)) for at in range(length)]


def shuffled(edges: list[cycles.Edge]) -> list[cycles.Edge]:
    return random.Random(7).sample(edges, len(edges))


@pytest.mark.parametrize(
    ("edges", "cuts"),
    [
        pytest.param([*chain(MANY), ("0", str(MANY))], 1, id="a ring that its newest edge closes"),
        pytest.param([*chain(MANY)[::-1], ("0", str(MANY))], 1, id="a ring written backwards"),
        pytest.param(shuffled([*chain(MANY), ("0", str(MANY))]), 1, id="a ring in no order"),
        pytest.param([*chain(MANY), *((b, a) for a, b in chain(MANY))], MANY, id="each waits for the other"),
        pytest.param(
            shuffled([*chain(MANY), *((b, a) for a, b in chain(MANY))]), MANY, id="the same in no order"
        ),
    ],
)
def test_a_long_cycle_is_found_in_about_the_time_it_takes_to_read_it(edges, cuts):
    began = time.process_time()
    assert len(cycles.cut(edges)) == cuts
    # Less than a second; it was 17 while the order began as that of a walk alone.
    assert time.process_time() - began < 10
