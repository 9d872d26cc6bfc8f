"""Agents, verbs and the clock, played at random against a small model of the contract.

The model is written from the contract, not from the code: who is given which task or review, and what is refused, is
predicted exactly, and after every step the database's invariants hold.
"""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.tasks.machine import contract
from tests.tasks.machine.stories import Stories


@pytest.mark.django_db
@override_settings(MAX_REJECTIONS=contract.MAX_REJECTIONS, MAX_ATTEMPTS=contract.MAX_ATTEMPTS)
def test_agents_verbs_and_the_clock_agree_with_the_model():
    run_state_machine_as_test(
        Stories,
        settings=settings(
            max_examples=16,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
