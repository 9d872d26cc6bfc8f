"""`kill -9` of the job that sends to webhooks, wherever it is: in the end every receiver was told of every event, under
the same name each time, and what the board believes about it is true."""

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from django.db import connections

from agentboard import delivering
from tasks.domain import agents, authoring, deliveries, webhooks
from tasks.models import Delivery, Event, Webhook
from tests import killings, real_board, receivers
from tests.tasks import invariants

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("killed_jobs")]

JOB = "agentboard.delivering.deliver"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
TOLD = 6


@pytest.fixture(scope="module")
def receiver():
    with receivers.listening() as one:
        yield one


@pytest.fixture(scope="module")
def prepared(receiver, board_template, tmp_path_factory, django_db_blocker):
    """A board with events that a webhook is to be told of, to be copied."""
    now = datetime.now(UTC)
    with django_db_blocker.unblock(), real_board.copy(board_template, tmp_path_factory.mktemp("prepared")):
        olga = agents.register("olga", now=now)
        # Its own address would be refused here, where nothing private is allowed.
        webhooks.create("https://hooks.example/", kinds=["task.created"], by=olga, now=now)
        Webhook.objects.update(url=receiver.url)
        authoring.write(
            [authoring.Draft(f"t{n}", done_criteria=["x"]) for n in range(TOLD)], by=olga, now=now
        )
        connections["default"].close()
        yield connections.settings["default"]["NAME"]


def test_a_receiver_is_told_of_everything_in_the_end(
    prepared, receiver, runner, tmp_path, django_db_blocker, settings, subtests
):
    settings.WEBHOOK_PRIVATE = (ip_network("127.0.0.1/32"),)
    with django_db_blocker.unblock(), real_board.copy(prepared, tmp_path):
        whole = killings.run(runner, JOB)
        names = receiver.names()
        assert len(names) == delivered() == TOLD
    for how in killings.kills(whole):
        receiver.received.clear()
        with subtests.test(**how), django_db_blocker.unblock(), real_board.copy(prepared, tmp_path):
            assert killings.run(runner, JOB, **how).killed or "dies_after" in how
            killings.wait_until_it_is_gone()
            assert delivered() <= len(receiver.names())
            # As if the time had passed after which a sender is given up for lost.
            Webhook.objects.update(leased_until=LONG_AGO)
            while deliveries.are_wanted(now=datetime.now(UTC)):
                delivering.deliver()
            assert list(dict.fromkeys(receiver.names())) == names
            assert delivered() == Delivery.objects.count() == TOLD
            assert Event.objects.filter(kind="task.created").count() == TOLD
            assert invariants.broken() == []
            connections["default"].close()
    print(
        f"deliver: killed {killings.KILLS} times, at {min(killings.KILLS, whole.points)} of {whole.points} points"
    )


def delivered():
    return Delivery.objects.filter(state="delivered").count()
