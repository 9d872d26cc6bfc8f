"""Cost does not grow with what was sent: sending reads what is due, whatever waits or has ended.

See `test_query_plans`; here 20,000 events and as many deliveries are filled in by SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tasks.domain import agents, deliveries, rounds, sequence, webhooks
from tasks.domain.deliveries import Result
from tasks.models import Delivery, Webhook
from tasks.queries import parcels
from tests import real_board
from tests.contracts import plans

pytestmark = pytest.mark.xdist_group("delivery-plans")  # what they share is made once
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AMOUNT = 20_000
WAIT_LATER = 5_000
HANDFUL = 300
KIND = "task.created"

# One of a hundred is of the kind that is wanted.
_EVENTS = """
INSERT INTO tasks_event (kind, at, data)
SELECT CASE WHEN n % 100 = 7 THEN '{kind}' ELSE 'agent.presence' END, '{now}', '{{}}' FROM {series}
"""
# Some 100 are due, WAIT_LATER wait for later, and the others have ended.
_DELIVERIES = """
INSERT INTO tasks_delivery (webhook_id, event_id, state, tries, next_try_at, ended_at, answer, created_at)
SELECT {hook}, id, CASE WHEN id <= {open} THEN 'waiting' ELSE 'given_up' END, 1,
    CASE WHEN id > {open} - 100 AND id <= {open} THEN '{now}' WHEN id <= {open} THEN '{later}' END,
    CASE WHEN id > {open} THEN '{now}' END, '', '{now}' FROM tasks_event WHERE id <= {many}
"""


@pytest.fixture(scope="module", params=plans.STATISTICS)
def board(request, board_template, tmp_path_factory, django_db_blocker) -> Iterator[None]:
    directory = tmp_path_factory.mktemp("board")
    with django_db_blocker.unblock(), real_board.copy(board_template, directory):
        _fill()
        if request.param == "some":
            plans.analyse()
        yield


def _fill() -> None:
    olga = agents.register("olga", now=NOW)
    plans.execute(_EVENTS.format(kind=KIND, now=_stored(NOW), series=plans.series(AMOUNT)))
    while sequence.catch_up():
        pass
    for _ in range(3):
        hook = webhooks.create("https://hooks.example/", kinds=[KIND], by=olga, now=NOW)
        later = _stored(NOW + timedelta(hours=1))
        numbers = {"hook": hook.pk, "open": WAIT_LATER, "many": AMOUNT // 2}
        plans.execute(_cast(_DELIVERIES).format(**numbers, now=_stored(NOW), later=later))
    # It has seen half of the log.
    Webhook.objects.update(cursor=AMOUNT // 2)


def wanted() -> object:
    return deliveries.are_wanted(now=NOW)


def ready() -> object:
    """Every webhook is on, and the last one that is looked at has something due."""
    return list(parcels.ready(NOW))


def gather() -> object:
    return deliveries.gather(now=NOW)


def lease() -> object:
    return deliveries.lease(now=NOW, most_webhooks=8, most_parcels=200)


def write_down() -> object:
    (one, *_) = deliveries.lease(now=NOW, most_webhooks=1, most_parcels=2)
    assert deliveries.write_down(one, one.parcels[0], Result(200, ""), now=NOW, jitter=0)
    return deliveries.write_down(one, one.parcels[1], Result(500, ""), now=NOW, jitter=0)


def prune() -> object:
    return deliveries._prune(NOW + timedelta(seconds=1), rounds.MOST)


def page_of_a_webhook() -> object:
    return list(Delivery.objects.filter(webhook=_hook()).order_by("-pk")[:50])


def page_of_a_state() -> object:
    return list(Delivery.objects.filter(state="delivered").order_by("-pk")[:100])


# What is asked, how many rows of the large tables one statement may read, and the indexes it cannot do without.
QUESTIONS: dict[str, tuple[Callable[[], object], int, str | None]] = {
    "whether there is anything to look at": (wanted, HANDFUL, None),
    "where there is something to send": (ready, HANDFUL, "delivery_due delivery_by_webhook"),
    "what is to be sent": (gather, 2 * deliveries.LOOKED_THROUGH, None),
    "what is due": (lease, 3 * HANDFUL, "delivery_due delivery_by_webhook"),
    "what became of a try": (write_down, HANDFUL, None),
    "what is old": (prune, 2 * rounds.MOST + HANDFUL, "delivery_ended"),
    "the last of a webhook": (page_of_a_webhook, HANDFUL, None),
    "what is in a state that few are in": (page_of_a_state, HANDFUL, "delivery_by_state"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_reads_a_handful_of_rows(board, name):
    call, most, _ = QUESTIONS[name]
    assert plans.costs(call, most=most) == []


@pytest.mark.parametrize("name", [name for name, (*_, index) in QUESTIONS.items() if index])
def test_without_its_index_it_reads_many(board, name):
    call, most, index = QUESTIONS[name]
    assert plans.costs(call, most=most, without=index)


def test_what_is_due_is_found_where_much_waits(board):
    assert len(parcels.due(_hook(), now=NOW, most=200)) == 100


def _hook() -> Webhook:
    return Webhook.objects.order_by("pk")[0]


def _stored(at: datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(at))


def _cast(sql: str) -> str:
    return (
        sql
        if connection.vendor == "sqlite"
        else sql.replace("'{now}'", "timestamptz '{now}'").replace("'{later}'", "timestamptz '{later}'")
    )
