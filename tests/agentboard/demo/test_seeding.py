"""Seeding: a board that the product itself could have made, with something to see in every corner."""

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from agentboard.cli.operate import whole
from agentboard.demo import seeding, story
from channels_app.models import Message
from tasks.models import Agent, Comment, Digest, Event, Review, Status, Task
from tasks.queries import digests, exports, presence, statistics
from tests import real_board
from tests.tasks import invariants

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
# The demo is on SQLite, always.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module", autouse=True)
def played(board_template, tmp_path_factory, django_db_blocker):
    """The whole story, played once."""
    with (
        django_db_blocker.unblock(),
        real_board.copy(board_template, tmp_path_factory.mktemp("demo")),
    ):
        seeding.play(story.load(), now=NOW)
        yield


def test_every_rule_of_the_board_holds():
    assert invariants.broken() == []


def test_every_state_and_every_trouble_is_there():
    counted = Counter(Task.objects.values_list("status", flat=True))
    assert set(counted) == set(Status.values)
    assert counted["doing"] == 5
    assert counted["done"] > 40
    digest = digests.compute(since=NOW - timedelta(hours=24), now=NOW)
    assert [one["why"].partition(" ")[0] for one in digest["needs_human"]["tasks"]] == [
        *("Rejected", "Taken", "blocked", "waits")
    ]
    assert {one["holder"] for one in digest["stale"]["tasks"]} == {"nova", "echo"}
    assert digest["blocked"]["count"] == 3
    assert digest["reviews"]["count"] == 4
    assert digest["ready"]["count"] >= 10
    assert digest["ready"]["reserved"] == 2
    assert digest["shipped"]["count"] > 10
    assert digest["rejected"]["count"] > 5
    assert Digest.objects.count() >= 6


def test_work_that_cannot_begin_yet_is_there_for_each_reason():
    todo = Task.objects.filter(status=Status.TODO, claimable=False)
    assert todo.filter(open_blockers__gt=0).count() >= 6
    assert todo.filter(deferred=True).count() == 1
    assert todo.filter(criteria_count=0).count() == 1
    assert Task.objects.filter(status=Status.TODO, readback_due=True).count() == 1


def test_one_holder_is_about_to_lose_its_task_and_another_is_stale_and_alive():
    silent = Task.objects.get(assignee__name="nova", status=Status.DOING)
    assert timedelta(0) < silent.lease_expires_at - NOW < timedelta(minutes=6)
    stale = Task.objects.get(assignee__name="echo", status=Status.DOING)
    assert stale.flagged_at
    states = {one.agent.name: one.state for one in presence.of_each(list(Agent.objects.all()), now=NOW)}
    assert (states["nova"], states["echo"], states["forge"]) == ("offline", "working", "blocked")


def test_log_events_and_messages_were_written_in_the_order_of_their_times_and_none_in_the_future():
    for rows, time in (
        (Comment, "created_at"),
        (Event, "at"),
        (Message, "created_at"),
        (Review, "created_at"),
    ):
        times = list(rows.objects.order_by("pk").values_list(time, flat=True))
        assert len(times) > 30
        assert times == sorted(times)
        assert times[-1] <= NOW


def test_no_text_has_a_name_of_the_story_in_the_place_of_an_id():
    texts = [*Comment.objects.values_list("text", flat=True), *Message.objects.values_list("text", flat=True)]
    keys = {work.key for work in story.load().works}
    assert [text for text in texts for key in keys if f"{{{key}}}" in text] == []


def test_two_weeks_have_something_to_show_in_charts():
    told = statistics.since(NOW - timedelta(days=15), until=NOW)
    assert len(told["throughput"]) >= 12
    assert told["rejection_rate"] > 0.1
    assert {one["agent"] for one in told["by_agent"]} == {"link", "echo", "nova", "pixel", "forge", "quill"}


def test_the_same_seed_gives_the_same_board_and_another_one_other_seconds(board_template, tmp_path_factory):
    told = story.load()
    early = tuple(work for work in told.works if work.written < -timedelta(days=11))
    short = dataclasses.replace(told, works=early, rooms=(), said=(), beats=())

    def rows(seed: int) -> list[bytes]:
        with real_board.copy(board_template, tmp_path_factory.mktemp("again")):
            seeding.play(short, now=NOW, seed=seed)
            return list(exports.lines(whole.models()))[1:]

    first = rows(seed=1)
    assert len(first) > 100
    assert rows(seed=1) == first
    assert rows(seed=2) != first
