"""Agents' names out of whatever another program called them."""

import pytest

from tasks.domain import agents
from tasks.domain.imports import names

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("worker-3", "worker-3"),
        ("Ada Lovelace", "ada-lovelace"),
        ("beads/polecats/onyx", "beads-polecats-onyx"),
        ("olga@example.com", "olga-example.com"),
        ("  _Zoë__ ", "zoe"),
        ("-x-", "x"),
    ],
)
def test_a_name_is_kept_or_made_to_fit(given, name):
    assert names.agent(given) == name


@pytest.mark.parametrize("given", ["system", "SYSTEM", "张伟", "!!!", "x" * 41, "a b " * 30, "\ufffd"])
def test_a_name_that_cannot_be_had_becomes_one_that_can_and_always_the_same(given):
    name = names.agent(given)
    assert agents.clean_name(name) == name
    assert names.agent(given) == name


def test_long_names_that_begin_alike_stay_apart():
    assert names.agent("x" * 50 + "1") != names.agent("x" * 50 + "2")
    assert names.agent("张伟") != names.agent("李娜")
