"""What the board shows: the column of each task, the four answers, who is here, what became of some."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tasks.domain import agents, claims, closing, comments, event_kinds, pauses, sequence
from tasks.models import Status
from tasks.queries import board_answers, board_columns, board_rail, boards
from tasks.queries.board_filters import Filters
from tests.tasks import states

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def one_in_each(ada, write, now):
    """A task in each state, by the state's name, beside one that waits."""
    agents.change(ada, by=None, now=now, wip_limit=9)
    found = {status.value: states.reach(write(status), status, worker=ada, now=now) for status in Status}
    return found | {"waiting": write("waiting", depends_on=[found["doing"].ref])}


def shown(now, filters=None, **more):
    board = boards.drawn(filters or Filters(), now=now, **more)
    return {column.name: [card.id for card in column.cards] for column in board.columns}


def test_each_task_stands_in_the_column_of_its_state(one_in_each, now):
    ids = {name: [task.pk] for name, task in one_in_each.items()}
    expected = {name: ids[name] for name in ("doing", "blocked", "validating", "done")} | {
        "ready": ids["todo"]
    }

    assert shown(now) == expected
    assert shown(now, waiting=True) == expected | {"waiting": ids["waiting"]}


def test_ready_is_in_the_order_work_is_given_out_and_the_others_by_age(ada, bob, write, now):
    late, urgent, first = write("late", now=now + MINUTE), write(priority=0), write("first")
    old = states.reach(write(), "doing", worker=bob, now=now)
    new = states.reach(write(), "doing", worker=ada, now=now + MINUTE)

    columns = shown(now + HOUR)

    assert columns["ready"] == [urgent.pk, first.pk, late.pk]
    assert columns["doing"] == [old.pk, new.pk]


def test_done_is_the_newest_first_and_goes_back_a_day_or_all_the_way(ada, write, now):
    times = [now, now + 2 * HOUR, now + 25 * HOUR]
    old, middle, new = (states.reach(write(), "done", worker=ada, now=at).pk for at in times)

    assert shown(now + 25 * HOUR)["done"] == [new, middle]
    assert shown(now + 25 * HOUR, older=True)["done"] == [new, middle, old]


def test_a_column_is_read_page_by_page_while_tasks_come_and_go(ada, write, now, monkeypatch):
    monkeypatch.setattr(board_columns.page, "__kwdefaults__", board_columns.page.__kwdefaults__ | {"size": 2})
    tasks = [write(f"{n}", priority=n // 2, now=now + n * MINUTE).pk for n in range(5)]
    board = boards.drawn(Filters(), now=now)
    first = board.columns[0]
    claims.claim(write("between", priority=0, now=now), by=ada, now=now)

    second = boards.more(Filters(), "ready", after=first.more, now=now)
    third = boards.more(Filters(), "ready", after=second.more, now=now)

    assert [card.id for page in (first, second, third) for card in page.cards] == tasks
    assert (first.count, third.more) == (5, "")
    assert [card.id for card in boards.more(Filters(), "ready", after="2.x", now=now).cards] == tasks[:2]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(project="side"), {"todo"}),
        (Filters(label="web"), {"doing"}),
        (Filters(assignee="ada"), {"doing", "blocked", "validating", "done"}),
        (Filters(priority=0), {"blocked"}),
        (Filters(text="valid"), {"validating"}),
        (Filters(text="{}"), {"blocked"}),
        (Filters(stuck="stale"), {"doing"}),
        (Filters(stuck="blocked"), {"blocked"}),
        (Filters(stuck="reviews"), {"validating"}),
        (Filters(stuck="you"), {"blocked", "validating"}),
        (Filters(assignee="ada", priority=2, text="done"), {"done"}),
        (Filters(project="nobody's"), set()),
        (Filters(text="..."), set()),
    ],
)
def test_filters_narrow_every_column(ada, write, now, settings, filters, left):
    agents.change(ada, by=None, now=now, wip_limit=9)
    facts = {"todo": {"project": "side"}, "doing": {"labels": ["web"]}, "blocked": {"priority": 0}}
    tasks = {
        name: states.reach(write(name, **facts.get(name, {})), Status(name), worker=ada, now=now)
        for name in ("todo", "doing", "blocked", "validating", "done")
    }
    filters = replace(filters, text=filters.text.format(tasks["blocked"].ref))
    later = now + settings.BLOCKED_ALERT

    columns = shown(later, filters)
    changed = boards.changes(filters, [task.pk for task in tasks.values()], freed=[], now=later)

    assert {pk for ids in columns.values() for pk in ids} == {tasks[name].pk for name in left}
    assert {card.id for card in changed.cards} == {tasks[name].pk for name in left}
    board = boards.drawn(filters, now=later)
    assert {column.name: column.count for column in board.columns} == {
        name: len(ids) for name, ids in columns.items()
    }
    assert changed.counts == {name: len(ids) for name, ids in columns.items()}


def test_a_filter_that_matches_little_looks_further_with_the_next_page(ada, write, now, monkeypatch):
    monkeypatch.setattr(board_columns, "LOOKED_THROUGH", 2)
    agents.change(ada, by=None, now=now, wip_limit=9)
    held = [
        states.reach(write(priority=n // 3), "doing", worker=ada, now=now + n * MINUTE).pk for n in range(4)
    ]
    filters = Filters(priority=1)

    first = next(column for column in boards.drawn(filters, now=now).columns if column.name == "doing")
    second = boards.more(filters, "doing", after=first.more, now=now)

    assert [card.id for card in first.cards] == []
    assert [card.id for card in second.cards] == held[3:]


def test_what_became_of_a_task_goes_for_those_that_waited_for_it_too(one_in_each, olga, now):
    held, waiting = one_in_each["doing"], one_in_each["waiting"]
    assert boards.changes(Filters(), [waiting.pk], freed=[], now=now).left == [waiting.pk]
    closing.override(held, by=olga, reason="Not worth it", now=now)

    changed = boards.changes(Filters(), [held.pk], freed=[held.pk], now=now)

    assert {card.id: card.column for card in changed.cards} == {held.pk: "done", waiting.pk: "ready"}
    assert boards.changes(Filters(), [one_in_each["cancelled"].pk, 10**9], freed=[], now=now).cards == []


def test_a_card_tells_its_lease_running_down_and_that_its_holder_is_silent(ada, write, now, settings):
    task = states.reach(write(), "doing", worker=ada, now=now)

    def card(at):
        return boards.changes(Filters(), [task.pk], freed=[], now=at).cards[0]

    assert (card(now).left, card(now).stale, card(now).until) == (1.0, False, now + settings.RECLAIM_AFTER)
    half = card(now + settings.RECLAIM_AFTER / 2)
    assert (half.percent, half.stale) == (50, settings.STALE_AFTER <= settings.RECLAIM_AFTER / 2)
    assert card(now + settings.RECLAIM_AFTER).percent == 0
    comments.write(task, by=ada, text="Still here", kind="note", lease=None, now=now + 20 * MINUTE)
    assert card(now + 20 * MINUTE).percent == 100


def test_a_card_in_review_ticks_what_the_last_review_found(ada, write, now):
    task = states.reach(write(done_criteria=["a", "b"]), "validating", worker=ada, now=now)
    assert [boards.changes(Filters(), [task.pk], freed=[], now=now).cards[0].ticks] == [["unjudged"] * 2]
    states.reject(task, now=now)
    states.reach(task, "validating", worker=ada, now=now)

    card = boards.changes(Filters(), [task.pk], freed=[], now=now).cards[0]

    assert (card.ticks, card.met, card.rejections, card.attempts) == (["unmet", "unmet"], 0, 1, 2)


def test_the_four_answers(ada, bob, write, now, settings):
    later = now + HOUR
    agents.change(ada, by=None, now=now, wip_limit=9)
    for name in ("blocked", "validating"):
        states.reach(write(name), Status(name), worker=ada, now=later - settings.BLOCKED_ALERT)
    states.reject(
        states.reach(write(), "validating", worker=ada, now=later - 6 * MINUTE), now=later - 6 * MINUTE
    )
    states.reach(write(), "done", worker=ada, now=later - MINUTE)
    states.reach(write(), "doing", worker=bob, now=later - settings.STALE_AFTER)

    answers = board_answers.given(now=later)

    assert (answers.moving.claims, answers.moving.completions) == (3, 1)
    assert answers.moving.buckets == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2]
    assert (answers.stuck.stale, answers.stuck.blocked, answers.stuck.reviews) == (1, 1, 1)
    assert answers.needs["count"] == 1
    assert (answers.shipped.shipped, answers.shipped.rejected, answers.shipped.rejection_rate) == (1, 1, 0.5)


def test_the_rail_tells_who_is_here_with_what_and_who_went_silent_with_something(
    ada, bob, zed, write, now, settings
):
    task = states.reach(write(), "doing", worker=bob, now=now)
    later = now + settings.OFFLINE_AFTER
    agents.heartbeat(ada, status="reviewing", note="", now=later)

    rail = board_rail.drawn(now=later)

    assert [(one.name, one.state, [held.id for held in one.holds]) for one in rail.members] == [
        ("ada", "reviewing", []),
        ("bob", "offline", [task.pk]),
    ]
    assert (rail.more, rail.away) == (0, 2)
    assert (rail.team, rail.paused) == (3, 0)
    pauses.pause(bob, until=None, by=ada, now=later)
    assert board_rail.drawn(now=later).paused == 1


def test_the_ticker_tells_what_happened_the_newest_first(ada, write, now):
    task = states.reach(write(), "doing", worker=ada, now=now)
    sequence.catch_up()
    told = [(one.who, one.what, one.task_id) for one in board_rail.drawn(now=now).happenings]
    assert told == [("ada", "claimed", task.pk), ("olga", "wrote", task.pk)]


def test_the_ticker_has_a_word_for_everything_that_happens_to_a_task():
    assert set(board_rail.WORDS) == {kind for kind in event_kinds.KINDS if kind.startswith("task.")}


def test_counts_stop(write, now, monkeypatch):
    monkeypatch.setattr(board_columns, "COUNTED_TO", 2)
    for _ in range(4):
        write()
    board = boards.drawn(Filters(), now=now)
    assert {column.name: column.count for column in board.columns}["ready"] == 3
    for _ in range(4):
        write(done_criteria=[])
    assert boards.drawn(Filters(), now=now).waiting == {"unwritten": 3, "dependent": 0, "deferred": 0}
