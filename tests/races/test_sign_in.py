"""One sign-in link, opened many times at the same moment: it lets in once."""

from __future__ import annotations

import time

import pytest

from tasks.domain import people, sign_in
from tasks.models import SignInLink
from tests.conftest import NOW
from tests.races.together import of_kind, together

pytestmark = pytest.mark.race


@pytest.fixture
def username(own_board: str) -> str:
    return people.operator("olga")


def test_of_eight_who_open_a_link_at_once_one_is_let_in(username: str):
    for _ in range(5):
        secret = sign_in.issue(username, now=NOW).secret
        outcomes = together([lambda secret=secret: sign_in.redeem(secret, now=NOW)] * 8)  # type: ignore[misc]
        assert len(of_kind(outcomes, int)) == 1, outcomes
        assert len(of_kind(outcomes, sign_in.SpentLink)) == 7, outcomes


def test_control_looking_first_and_then_using_it_up_lets_several_in(username: str):
    secret = sign_in.issue(username, now=NOW).secret

    def look_then_use() -> int:
        sign_in.look(secret, now=NOW)
        time.sleep(0.05)
        return SignInLink.objects.update(used_at=NOW)

    assert len(of_kind(together([look_then_use] * 8), int)) > 1


def test_the_one_who_runs_the_board_is_made_once_by_many(own_board: str):
    assert together([lambda: people.operator("olga")] * 6) == ["olga"] * 6
