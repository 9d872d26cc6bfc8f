"""Amending criteria: what the domain itself refuses, at whatever door."""

import pytest

from tasks.domain import criteria
from tasks.domain.refusals import Invalid
from tasks.models import Status
from tests.tasks import board_rows, states


@pytest.mark.parametrize("status", [Status.TODO, Status.DOING, Status.VALIDATING])
def test_criteria_are_not_amended_to_nothing(ada, olga, write, now, status):
    task = states.reach(write(), status, worker=ada, now=now)
    before = board_rows.read()
    with pytest.raises(Invalid, match="name at least one"):
        criteria.amend(task, [], by=olga, reason="r", now=now)
    assert board_rows.read() == before


def test_an_amendment_of_a_list_that_was_amended_since_is_refused(olga, write, now):
    task = write()
    criteria.amend(task, ["Better"], by=olga, reason="r", now=now, seen=1)
    before = board_rows.read()
    with pytest.raises(criteria.Outdated, match="at version 2 by now, not 1"):
        criteria.amend(task, ["Best"], by=olga, reason="r", now=now, seen=1)
    assert board_rows.read() == before
