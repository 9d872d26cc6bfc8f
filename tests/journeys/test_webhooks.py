"""A receiver and a real scheduler: what happens arrives within seconds, and after a `kill -9` again and the same."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from django_q.models import OrmQ, Schedule

from tasks.domain import agents, authoring, webhooks
from tasks.models import Delivery, Webhook
from tests import receivers
from tests.agentboard.cli import operating

pytestmark = pytest.mark.journey
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SECRET_KEY = "of this journey"
SOON = 15  # seconds; three on a machine that has nothing else to do


def test_a_delivery_that_was_cut_off_by_a_kill_is_made_again_by_the_next_scheduler(
    own_board, tmp_path, settings
):
    settings.SECRET_KEY = SECRET_KEY
    now = datetime.now(UTC)
    olga, _ = agents.find_or_register("olga", now=now)
    runs = {"DATABASE_URL": own_board, "DATA_DIR": tmp_path, "SECRET_KEY": SECRET_KEY}
    with receivers.listening() as receiver:
        # It would be refused here, where nothing is allowed.
        hook = webhooks.create("https://hooks.example/", kinds=["task.created"], by=olga, now=now)
        Webhook.objects.update(url=receiver.url)
        arrived, gone = threading.Event(), threading.Event()

        def hold(_):
            arrived.set()
            gone.wait(operating.WITHIN)
            return 204, {}, b""

        receiver.answer = hold
        with operating.running("scheduler", WEBHOOK_PRIVATE="127.0.0.1", **runs) as process:
            # Its first look queues every job there is.
            wait_until(lambda: not OrmQ.objects.exists() and Schedule.objects.exists())
            began = time.monotonic()
            authoring.write([authoring.Draft("t")], by=olga, now=now)
            assert arrived.wait(operating.WITHIN)
            assert time.monotonic() - began < SOON
            process.kill()
            process.wait()
        # What it has forked dies a moment after it.
        time.sleep(0.5)
        gone.set()
        assert Delivery.objects.get().tries == 0
        receiver.says(204)
        # As if the time had passed after which the lease, and the job in the queue, are given up for lost.
        Webhook.objects.update(leased_until=LONG_AGO)
        OrmQ.objects.update(lock=LONG_AGO)
        with operating.running("scheduler", WEBHOOK_PRIVATE="127.0.0.1", **runs):
            wait_until(lambda: Delivery.objects.get().state == "delivered")
        first, second = receiver.received
        assert first.body == second.body
        assert len(set(receiver.names())) == 1
        assert all(one.is_signed_with(webhooks.secret(hook)) for one in (first, second))


def wait_until(happens):
    deadline = time.monotonic() + operating.WITHIN
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)
