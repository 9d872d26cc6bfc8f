"""Writes around the domain for each constraint of handoffs and blocks; see test_constraints."""

from __future__ import annotations

from tasks.models import Block, Handoff, Status


def _handoff(f, **columns):
    facts = {"number": 1, "done": "a", "pending": "b", "gotchas": "c"} | columns
    return Handoff.objects.create(task=f.ready, created_at=f.now, **facts)


def _block(f, on=None, **columns):
    facts = {"number": 1, "reason": "a", "needs": "b"} | columns
    return Block.objects.create(task=on or f.ready, created_at=f.now, **facts)


HANDOFF_WRITES = {
    "task_handed_in_was_read_back": [lambda f: f.state(Status.VALIDATING, readback_due=True)],
    "handoff_number_is_unique": [lambda f: (_handoff(f), _handoff(f))],
    "handoff_says_all_three": [
        lambda f: _handoff(f, done=""),
        lambda f: _handoff(f, pending=""),
        lambda f: _handoff(f, gotchas=""),
    ],
    "handoff_is_read_back_in_words": [
        lambda f: _handoff(f, read_by=f.ada, read_at=f.now),
        lambda f: _handoff(f, read_by=f.ada, readback="d"),
        lambda f: _handoff(f, read_at=f.now, readback="d"),
    ],
    "block_number_is_unique": [
        lambda f: (_block(f, ended_at=f.now, resolution="c"), _block(f)),
    ],
    "block_is_the_only_open_one": [lambda f: _block(f, on=f.in_state[Status.BLOCKED], number=2)],
    "block_says_what_it_needs": [lambda f: _block(f, reason=""), lambda f: _block(f, needs="")],
    "block_ends_with_a_resolution": [
        lambda f: _block(f, ended_at=f.now),
        lambda f: _block(f, resolution="c"),
        lambda f: _block(f, ended_by=f.ada),
    ],
}
