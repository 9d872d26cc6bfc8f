"""Whatever a file holds, the import ends, the board is whole afterwards, and a second import changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.domain.imports import beads
from tasks.domain.imports import lines as jsonl
from tasks.domain.imports import records as reading
from tasks.domain.refusals import Invalid
from tests.tasks import board_rows, invariants
from tests.tasks.domain.imports.conftest import file

names = st.sampled_from(["a", "b", "c", "d", "T-1", " a", "é", "\0"])
texts = st.one_of(st.sampled_from(["", " ", "system", "-", "\0", "\ud800", "x" * 301]), st.text(max_size=12))
dates = st.sampled_from(
    [
        *("2025-11-02T21:58:07.295058-08:00", "2025-11-03T00:00:00Z", "2025-11-03", "0001-01-01T00:00:00Z"),
        *("9999-12-31T23:59:59-14:00", "2200-01-01", "soon", ""),
    ]
)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
links = st.fixed_dictionaries(
    {"depends_on_id": names},
    optional={"type": st.sampled_from(["blocks", "parent-child", "related", "", None]), "created_at": dates},
)
comments = st.fixed_dictionaries({}, optional={"author": texts, "text": texts, "created_at": dates})
right = {
    "description": texts,
    "design": texts,
    "acceptance_criteria": st.sampled_from(["- a\n- b", "prose", "", "-", "# h"]) | texts,
    "notes": texts,
    "close_reason": texts,
    "status": st.sampled_from(["open", "open", "closed", "closed", "hooked", "in_progress", "", "tombstone"]),
    "issue_type": st.sampled_from(["task", "bug", "epic", "something", "event"]),
    "priority": st.integers(-1, 5),
    "labels": st.lists(texts, max_size=4),
    "comments": st.lists(comments, max_size=3),
    "dependencies": st.lists(links, max_size=4),
    "assignee": texts,
    "created_by": texts,
    "owner": texts,
    **dict.fromkeys(("created_at", "updated_at", "closed_at", "due_at", "defer_until"), dates),
}
needed = {"id": names, "title": texts.filter(str.strip)}
# A record with one wrong field is only skipped, so most of them are right and meet each other on the board.
well_formed = st.fixed_dictionaries(needed, optional=right)
junk = st.one_of(
    st.fixed_dictionaries(needed, optional=dict.fromkeys([*right, "deleted_at"], anything)),
    st.dictionaries(st.sampled_from([*needed, *right]), anything, max_size=6),
    st.binary(max_size=30),
    st.text(max_size=30),
)
lines = st.tuples(st.lists(well_formed, max_size=6), st.lists(junk, max_size=3)).flatmap(
    lambda both: st.permutations([*both[0], *both[1]])
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip
@given(lines)
def test_any_records_are_imported_without_failing_and_twice_is_once(db, now, lines):
    content = [line.encode(errors="replace") if isinstance(line, str) else line for line in lines]
    with transaction.atomic():
        try:
            first = beads.take(file(*content), now=now, default_criteria=["It works"])
        except Invalid:
            return
        connection.check_constraints()
        assert invariants.broken() == []
        before = board_rows.read()
        again = beads.take(file(*content), now=now, default_criteria=["Something else"])
        assert board_rows.changed(before, board_rows.read()) == {}
        assert (again.taken, again.already_here) == (0, first.taken)
        assert len(before["Task"]) == first.taken
        transaction.set_rollback(True)


@pytest.mark.once
def test_the_well_formed_records_made_up_here_are_mostly_taken(now):
    """The test above would say little about the board if they were not."""
    taken = []

    @settings(max_examples=200, database=None, derandomize=True, deadline=None)
    @given(well_formed)
    def look(values: dict[str, Any]) -> None:
        try:
            (line,) = jsonl.read(file(values))
            reading.read(1, line.value, now=now)
            taken.append(True)
        except (reading.Skipped, reading.Unusable):
            taken.append(False)

    look()
    assert sum(taken) > len(taken) / 2
