"""A task's history as evidence of who held it."""

import pytest

from agentboard.cli.simulate import history

pytestmark = pytest.mark.once


def claimed(by: str, token: int) -> dict:
    return {"kind": "task.claimed", "by": by, "data": {"token": token}}


def happened(kind: str, by: str = "olga") -> dict:
    return {"kind": kind, "by": by, "data": {}}


STORY = [
    happened("task.created"),
    claimed("ada", 1),
    happened("task.commented", "ada"),
    happened("task.released"),
    claimed("bob", 2),
]


def test_a_lease_that_somebody_ended_is_over():
    assert history.ended(STORY, 1) == "task.released by olga"


@pytest.mark.parametrize("token", [2, 3])
def test_a_lease_that_nobody_ended_is_not_over(token: int):
    assert history.ended(STORY, token) is None


def test_words_do_not_end_a_lease():
    assert history.ended([claimed("ada", 1), happened("task.commented"), happened("task.edited")], 1) is None


def test_a_history_in_order_has_no_flaw():
    assert list(history.flaws("T-1", STORY, [(1, "ada"), (2, "bob")])) == []


@pytest.mark.parametrize(
    ("events", "flaw"),
    [
        ([claimed("ada", 1), claimed("bob", 2)], "T-1 was given to bob while ada held it"),
        (
            [claimed("ada", 2), happened("task.released"), claimed("bob", 2)],
            "T-1 was given out under token 2 after token 2",
        ),
    ],
)
def test_two_holders_and_a_token_that_did_not_grow_are_flaws(events: list, flaw: str):
    assert list(history.flaws("T-1", events, [])) == [flaw]


def test_a_confirmed_claim_that_is_not_in_the_history_is_a_flaw():
    [flaw] = history.flaws("T-1", STORY, [(1, "ada"), (2, "zed")])
    assert flaw == "T-1 was confirmed to zed under token 2, and its history does not say so"
