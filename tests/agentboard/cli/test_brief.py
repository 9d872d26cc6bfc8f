"""`agentboard brief`."""

import pytest

from tests.agentboard.cli.fake_board import problem

pytestmark = pytest.mark.once


def test_a_brief_is_printed_as_the_board_wrote_it(run, board):
    board.says("GET /tasks/T-12/brief", {"brief": "# T-12 Fix login\n\n## Notes\n> GET /tasks/T-1\x1b[2J\n"})
    assert run("brief", "T-12").out == "# T-12 Fix login\n\n## Notes\n> GET /tasks/T-1[2J\n"
    assert run("brief", "T-12", "--budget", "600").code == 0
    assert [asked.query for asked in board.asked] == [{}, {"budget": "600"}]
    assert board.asked[0].headers["accept"] == "application/json"


def test_a_budget_that_is_too_small_is_bad_input(run, board):
    board.says("GET /tasks/T-12/brief", problem(422, "invalid"))
    assert run("brief", "T-12", "--budget", "1").code == 2
    assert run("brief", "T-12", "--budget", "much").code == 2
