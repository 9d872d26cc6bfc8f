"""`agentboard digest`: the state of the board, as Markdown or as the board's answer."""

import json

import pytest

pytestmark = pytest.mark.once

DIGEST = {"id": 3, "text": "# Digest of 2026-03-02 16:00 UTC\n\n**Needs a human: 0**\x1b[31m\n"}


def test_it_prints_the_text_and_nothing_that_acts_on_a_terminal(run, board):
    board.says("GET /digest", DIGEST)
    ran = run("digest")
    assert (ran.code, ran.out) == (0, "# Digest of 2026-03-02 16:00 UTC\n\n**Needs a human: 0**[31m\n")
    assert board.asked[-1].query == {}


def test_a_fresh_one_is_asked_for(run, board):
    board.says("GET /digest", DIGEST)
    assert json.loads(run("digest", "--fresh", "--json").out) == DIGEST
    assert board.asked[-1].query == {"fresh": "1"}
