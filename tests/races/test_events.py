"""The order of events: readers who go on after the last one they saw miss none and get none twice, whoever writes."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.request

import pytest
from django.db import connection, connections

from tasks.domain import events, transactions
from tasks.models import Event
from tests import real_server
from tests.agentboard.serve.listeners import Reader
from tests.conftest import NOW
from tests.races.together import together

pytestmark = pytest.mark.race
WRITERS = 4
EACH = 250
ALL = WRITERS * EACH
PATIENCE = 60  # seconds


def write(seed):
    """Write EACH events, each in a transaction that pauses before it commits; every tenth is undone."""
    dice = random.Random(seed)
    written = 0
    while written < EACH:
        undone = dice.random() < 0.1
        with transactions.change():
            events.record("board.tested", now=NOW, writer=seed, n=written)
            time.sleep(dice.choice([0, 0, 0.001, 0.002, 0.01]))
            if undone:
                connection.set_rollback(True)
        written += not undone


def poll(url, done):
    """What a reader of JSON pages sees until it has seen everything."""
    seen, since = [], 0
    deadline = time.monotonic() + PATIENCE
    while len(seen) < ALL and time.monotonic() < deadline:
        request = urllib.request.Request(
            f"{url}/events?since={since}", headers={"Accept": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            page = json.load(answer)
        seen, since = seen + page["events"], page["next"]
        if not page["more"]:
            time.sleep(0.01)
    done.set()
    return seen


def listen(port):
    """What a reader of the stream sees that is cut off, often in the middle of an event, and comes back each time."""
    dice, seen, cuts = random.Random(7), [], 0
    deadline = time.monotonic() + PATIENCE
    while len(seen) < ALL and time.monotonic() < deadline:
        headers = {"Last_Event_ID": str(seen[-1]["seq"])} if seen else {}
        with Reader(port, "/events?since=0", **headers) as reader:
            wanted = min(dice.randrange(1, 60), ALL - len(seen))
            seen += map(json.loads, reader.data(wanted)[:wanted])
            cuts += 1
    return seen, cuts


def by_id(done):
    """The control: what a reader sees that goes on after the last id."""
    seen, last = [], 0
    while True:
        ended = done.is_set()
        new = list(Event.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))
        seen += new
        last = new[-1] if new else last
        if ended and not new:
            return seen
        time.sleep(0.002)


def test_one_who_polls_and_one_who_is_cut_off_all_the_time_see_everything_once_in_the_same_order(own_board):
    done = threading.Event()
    with real_server.running(own_board) as server:
        port = int(server.url.rpartition(":")[2])
        *_, polled, (heard, cuts), plain = together(
            [
                *(lambda seed=seed: write(seed) for seed in range(WRITERS)),
                lambda: poll(server.url, done),
                lambda: listen(port),
                lambda: by_id(done),
            ]
        )
    connections.close_all()
    assert [event["seq"] for event in polled] == list(range(1, ALL + 1))
    assert heard == polled
    assert cuts >= ALL // 60
    of_each = {(event["data"]["writer"], event["data"]["n"]) for event in polled}
    assert len(of_each) == ALL
    for writer in range(WRITERS):
        mine = [event["data"]["n"] for event in polled if event["data"]["writer"] == writer]
        assert mine == list(range(EACH)), "what one writer commits is seen in the order it was committed"
    if connection.vendor == "postgresql":
        assert len(set(plain)) < ALL, "the control: who goes by ids misses some"
    else:
        assert len(plain) == ALL, "SQLite has one writer, so ids come in the order of commits"
