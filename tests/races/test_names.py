"""Two who make the same thing at the same moment: one makes it, the other is told or finds it."""

from __future__ import annotations

import pytest

from tasks.domain import agents, authoring, claims
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Event, Lane, Project, Task
from tests.conftest import NOW
from tests.races.together import of_kind, together

pytestmark = pytest.mark.race


@pytest.fixture
def olga(own_board):
    return agents.register("olga", now=NOW, kind=Agent.Kind.HUMAN)


def test_a_new_name_that_calls_many_times_at_once_is_registered_once(own_board):
    outcomes = together([lambda: claims.next_task("newcomer", now=NOW)] * 16)
    assert of_kind(outcomes, Exception) == []
    assert Agent.objects.filter(name="newcomer").count() == 1
    assert Event.objects.filter(kind="agent.registered").count() == 1


def test_the_same_external_id_at_once_is_written_once_and_refused_with_its_task(olga):
    for n in range(6):
        draft = authoring.Draft(
            "t", external_id=f"x-{n}", project=f"p-{n}", skills=["rust"], reviewer=f"r-{n}"
        )
        outcomes = together([lambda draft=draft: authoring.write([draft], by=olga, now=NOW)] * 6)
        assert len(of_kind(outcomes, authoring.Written)) == 1
        refused = of_kind(outcomes, Invalid)
        assert len(refused) == 5, outcomes
        task = Task.objects.get(external_id=f"x-{n}")
        assert all(task.ref in refusal.detail for refusal in refused)
    assert Project.objects.count() == 7
    assert Lane.objects.count() == 6
