"""Cost does not grow with what was said: a page of a channel or of an inbox reads a handful of 40,000 rows.

See `test_query_plans`; here the messages and notices are filled in by SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from channels_app.domain import inboxes, messages
from channels_app.models import Channel, Inbox
from channels_app.queries import channel_list, inbox_list, message_list, unread
from tasks.domain import agents, authoring
from tasks.models import Agent
from tests import real_board
from tests.contracts import plans

pytestmark = pytest.mark.xdist_group("conversation-plans")  # what they share is made once
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AMOUNT = 20_000  # messages in each of two channels, and notices in each of two inboxes
HALF = AMOUNT // 2
HANDFUL = 160

# Every hundredth message answers the first of its channel, and a few speak of a walrus.
_MESSAGES = """
INSERT INTO channels_app_message (channel_id, number, thread, reply_to, text, mentions, task_id, event, created_at)
SELECT {channel}, n, CASE WHEN n % 100 = 2 THEN 1 ELSE n END, CASE WHEN n % 100 = 2 THEN 1 END,
    CASE WHEN n % 5000 = 7 THEN 'a walrus' ELSE 'word ' || n END, '[]',
    CASE WHEN n % 100 = 3 THEN {task} END, CASE WHEN n % 100 = 3 THEN 'task.blocked' END, {now} FROM {series}
"""
_NOTICES = """
INSERT INTO channels_app_notice (inbox_id, number, kind, text, created_at)
SELECT {inbox}, n, 'mention', 'x', {now} FROM {series}
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
    ada = agents.register("ada", now=NOW)
    (task,) = authoring.write([authoring.Draft("t")], by=ada, now=NOW).tasks
    assert task.pk == 1
    facts = {
        "now": f"'{NOW.isoformat()}'",
        "series": plans.series(AMOUNT),
        "task": task.pk,
    }
    for channel in Channel.objects.filter(name__in=["general", "reviews"]):
        plans.execute(_MESSAGES.format(channel=channel.pk, **facts))
        Channel.objects.filter(pk=channel.pk).update(last_number=AMOUNT, last_at=NOW)
    for agent in (agents.register("rita", now=NOW), agents.register("bob", now=NOW)):
        Inbox.objects.create(agent=agent, last_number=AMOUNT, read_up_to=HALF)
        plans.execute(_NOTICES.format(inbox=agent.pk, **facts))


def older(**asked: object) -> Callable[[], object]:
    return lambda: message_list.older(_general(), **{"limit": 50, "before": None, **asked})  # type: ignore[arg-type]


def inbox(place: inbox_list.Place | None = None) -> Callable[[], object]:
    return lambda: inbox_list.page(_rita(), limit=50, place=place)


def newer() -> object:
    return message_list.newer(_general(), limit=50, since=HALF)


def submission() -> object:
    return message_list.submission_of(1)


def post() -> object:
    return messages.post(_general(), "@rita, look", by=None, now=NOW, reply_to=AMOUNT)


def read() -> object:
    return inboxes.read(_rita(), up_to=HALF + 50)


# What is asked, how many rows one statement may read, and an index it cannot do without.
QUESTIONS = {
    "the newest messages": (older(), HANDFUL, None),
    "older ones": (older(before=HALF), HANDFUL, None),
    "those since": (newer, HANDFUL, None),
    "a long thread": (older(thread=1), HANDFUL, "message_by_thread"),
    "a thread of one": (older(thread=HALF + 5), HANDFUL, "message_by_thread"),
    "words": (older(q="walrus"), HANDFUL, None),
    "a submission's message": (submission, 5 * AMOUNT // 100, "message_by_task"),
    "a post": (post, HANDFUL, None),
    "an inbox": (inbox(), HANDFUL, None),
    "where its unread ends": (inbox(inbox_list.Place(HALF, True, AMOUNT - 20)), HANDFUL, None),
    "what was read of it": (inbox(inbox_list.Place(HALF, False, HALF - 50)), HANDFUL, None),
    "what is unread": (lambda: unread.count(_rita()), HANDFUL, None),
    "marking as read": (read, HANDFUL, None),
    "the channels": (lambda: channel_list.page(limit=50), HANDFUL, None),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_reads_a_handful_of_rows(board, name):
    call, most, _ = QUESTIONS[name]
    assert plans.costs(call, most=most) == []


@pytest.mark.parametrize("name", [name for name, (*_, index) in QUESTIONS.items() if index])
def test_without_its_index_it_reads_many(board, name):
    call, most, index = QUESTIONS[name]
    assert plans.costs(call, most=most, without=index)


def _general() -> Channel:
    return Channel.objects.get(name="general")


def _rita() -> Agent:
    return Agent.objects.get(name="rita")
