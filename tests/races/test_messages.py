"""Eight write to one channel at once: every message is stored, in one order without gaps that all readers see."""

import threading
import time

import pytest
from django.db import connections, transaction

from channels_app.domain import messages
from channels_app.models import Channel, Inbox, Message, Notice
from channels_app.queries import message_list
from tasks.domain import agents, authoring, comments, transactions
from tasks.models import Task
from tests.conftest import NOW
from tests.races.together import of_kind, together

pytestmark = pytest.mark.race
WRITERS = 8
MESSAGES = 5000
# On a machine of its own it takes less than a third of this.
SECONDS = 60


@pytest.fixture
def writers(own_board):
    return [agents.register(f"writer-{n}", now=NOW) for n in range(WRITERS)]


def say(writer, amount, text="x"):
    general = Channel.objects.get(name="general")
    for n in range(amount):
        messages.post(general, f"{text} {n}", by=writer, now=NOW)


class Reader(threading.Thread):
    """Goes on after the last message it has seen, as often as it can, until told to stop."""

    def __init__(self):
        super().__init__()
        self.seen, self.done = [], threading.Event()

    def run(self):
        general = Channel.objects.get(name="general")
        while True:
            last_look = self.done.is_set()
            found = message_list.newer(general, limit=500, since=self.seen[-1][0] if self.seen else 0)
            self.seen += [(one.number, one.author_id, one.text) for one in found]
            if last_look and not found:
                break
            time.sleep(0.05)
        connections.close_all()


def test_eight_writers_post_5000_messages_in_one_order_that_everybody_sees(writers):
    readers = [Reader(), Reader()]
    for reader in readers:
        reader.start()
    began = time.perf_counter()
    outcomes = together([lambda one=one: say(one, MESSAGES // WRITERS) for one in writers])
    took = time.perf_counter() - began
    for reader in readers:
        reader.done.set()
        reader.join(60)

    assert of_kind(outcomes, Exception) == []
    stored = list(Message.objects.order_by("number").values_list("number", "author_id", "text"))
    assert [number for number, *_ in stored] == list(range(1, MESSAGES + 1))
    for writer in writers:
        assert [text for _, author, text in stored if author == writer.pk] == [
            f"x {n}" for n in range(MESSAGES // WRITERS)
        ]
    assert [reader.seen == stored for reader in readers] == [True, True]
    assert took < SECONDS


def test_control_numbers_taken_without_the_lock_collide(writers):
    """The same with a number that is looked up and then used: the database has to refuse all but one."""
    barrier = threading.Barrier(WRITERS)
    general = Channel.objects.get(name="general")

    def naive():
        # A look outside of the writing transaction, as a query for the highest number would be.
        number = Message.objects.filter(channel=general).count() + 1
        barrier.wait(10)
        with transactions.statement(), transaction.atomic():
            Message.objects.create(channel=general, number=number, thread=number, text="x", created_at=NOW)

    assert len(of_kind(together([naive] * WRITERS), Exception)) == WRITERS - 1


@pytest.mark.skipif(
    connections.settings["default"]["ENGINE"].endswith("sqlite3"), reason="SQLite has one writer at a time"
)
def test_control_ids_are_seen_out_of_order_where_numbers_are_not(writers):
    """A reader that goes on after the highest id misses what was begun earlier and committed later."""
    begun, written = threading.Event(), threading.Event()
    channel = {"channel": Channel.objects.get(name="general"), "text": "x", "created_at": NOW}

    def slow():
        with transaction.atomic():
            message = Message.objects.create(number=1, thread=1, **channel)
            begun.set()
            written.wait(10)
        return message.pk

    def fast():
        begun.wait(10)
        pk = Message.objects.create(number=2, thread=2, **channel).pk
        seen = list(Message.objects.values_list("pk", flat=True))
        written.set()
        return pk, seen

    first, (second, seen) = together([slow, fast])
    assert first < second
    assert seen == [second]


def test_who_mention_each_other_at_once_all_get_through(writers):
    """Messages and comments, each to everybody: locks are taken in one order, so that nobody waits in a ring."""
    everybody = " ".join(f"@{writer.name}" for writer in writers)
    backwards = " ".join(f"@{writer.name}" for writer in reversed(writers))
    (task,) = authoring.write([authoring.Draft("t")], by=writers[0], now=NOW).tasks
    channels = list(Channel.objects.filter(name__in=["general", "reviews"]))

    def talk(at):
        writer = writers[at]
        for n in range(10):
            messages.post(channels[(at + n) % 2], everybody if n % 2 else backwards, by=writer, now=NOW)
            comments.write(
                Task.objects.get(pk=task.pk), by=writer, text=backwards, kind="note", lease=None, now=NOW
            )

    assert of_kind(together([lambda at=at: talk(at) for at in range(WRITERS)]), Exception) == []
    each = (WRITERS - 1) * 20
    assert set(Inbox.objects.values_list("last_number", flat=True)) == {each}
    for writer in writers:
        numbers = Notice.objects.filter(inbox=writer.pk).order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, each + 1))
