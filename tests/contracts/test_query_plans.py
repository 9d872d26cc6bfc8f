"""Cost does not grow with the board: what the hot questions read is a handful of rows of a board of 36,000 tasks.

Every statement is recorded as the code runs it and explained by the database that ran it. On PostgreSQL those that keep
their plan are explained as they are kept, without their parameters; on SQLite everything is asked twice, because a
board there begins without statistics and may be given some. The controls take an index away and expect an objection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tasks.domain import agents, claims, due, sequence, staleness
from tasks.domain import events as recorder
from tasks.models import Attempt, Comment, Task
from tasks.queries import (
    comment_list,
    emptiness,
    event_log,
    human_needs,
    overdue,
    packets,
    queue,
    statistics,
    stories,
    task_list,
    waiting,
)
from tests import real_board
from tests.benchmarks import filling
from tests.contracts import admin_lists, board_questions, page_questions, plans, task_questions

pytestmark = pytest.mark.xdist_group("plans")  # what they share is made once
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HANDFUL = 150
SIZE = 20_000  # ready tasks; 36,000 in all


@pytest.fixture(scope="module", params=plans.STATISTICS)
def board(request, board_template, tmp_path_factory, django_db_blocker) -> Iterator[None]:
    directory = tmp_path_factory.mktemp("board")
    with django_db_blocker.unblock(), real_board.copy(board_template, directory) as url:
        filling.fill(url, filling.Amounts.around(SIZE), now=NOW)
        agents.register("ada", now=NOW, skills=filling.SKILLS, wip_limit=2)
        agents.register("zed", now=NOW)
        _talk()
        while sequence.catch_up():
            pass
        if request.param == "none":
            _forget_statistics()
        yield


def next_task(name: str = "ada", **narrowed: str) -> Callable[[], object]:
    return lambda: claims.next_task(name, now=NOW, **narrowed)


def explain(**narrowed: str | None) -> Callable[[], object]:
    everywhere: dict[str, str | None] = {"project": None, "label": None}
    return lambda: emptiness.explain(agents.find("zed"), **everywhere | narrowed)  # type: ignore[arg-type]


def wake(*names: str, **narrowed: str | None) -> Callable[[], object]:
    everywhere: dict[str, str | None] = {"project": None, "label": None}
    return lambda: waiting.find_wakeable(
        [waiting.ticket(agents.find(name), until=None, **everywhere | narrowed) for name in names],  # type: ignore[arg-type]
        now=NOW,
    )


def page(**filters: object) -> Callable[[], object]:
    return lambda: task_list.page(**{"limit": 50, "before": None, "now": NOW, **filters})  # type: ignore[arg-type]


def held() -> object:
    return queue.held_by(agents.find(filling.VETERAN))


def packet_of_a_reviewer() -> object:
    """It counts the reviews that wait for the holder, who reviews a quarter of the board."""
    rita = agents.find("rita")
    return packets.build(claims.next_task(rita.name, now=NOW).task_ids, now=NOW)  # type: ignore[union-attr]


def lapse() -> object:
    return due.catch_up(now=NOW + filling.FAR + timedelta(seconds=20))


def expired() -> object:
    return overdue.is_any_expired(now=NOW)


def take_back() -> object:
    return overdue.lock_expired(now=NOW + filling.FAR, most=10)


def flag() -> object:
    return staleness.flag(now=NOW + filling.FAR)


def needs() -> object:
    return human_needs.found(now=NOW, listed=20, counted_to=1000)


def log() -> object:
    return comment_list.page(_in_work(), limit=100)


def packet_of_a_talker() -> object:
    return packets.build([_talked_about()], now=NOW)


def story() -> object:
    return stories.of(_talked_about(), longest=6000)


def history() -> object:
    return event_log.after(0, limit=101, task_id=_in_work())


def events(seq: int = 0, **filters: object) -> Callable[[], object]:
    return lambda: event_log.after(seq, limit=100, **filters)  # type: ignore[arg-type]


def number() -> object:
    """One event, beside all that have their number."""
    recorder.record("board.tested", now=NOW)
    return sequence.catch_up()


def figures() -> object:
    """Of half a day, in which 36 tasks were approved."""
    return statistics.since(NOW - timedelta(hours=12), until=NOW)


# What is asked, how many rows of the large tables one statement may read, and the indexes it cannot do without.
QUESTIONS = {
    "next": (next_task(), HANDFUL, "task_queue"),
    "next of a project": (next_task(project="side"), HANDFUL, "task_queue"),
    "next of a label": (next_task(label="area-3"), HANDFUL, "tasklabel_queue"),
    "next of both": (next_task(label="area-3", project="side"), HANDFUL, "tasklabel_queue"),
    "next, reserved": (next_task(filling.VETERAN), HANDFUL, "task_reserved"),
    "whether a reservation lapsed": (next_task(), HANDFUL, "task_lapsing"),
    "whether a day came": (next_task(), HANDFUL, "task_deferred"),
    "what an agent holds": (held, 20, "task_held"),
    "what falls due": (lapse, 2 * HANDFUL, "task_lapsing"),
    "whether a lease ran out": (expired, HANDFUL, None),
    "whose lease ran out": (take_back, 2 * HANDFUL, None),
    "who has gone quiet": (flag, 2 * HANDFUL, None),
    "what needs a human": (needs, HANDFUL, None),
    "a packet": (packet_of_a_reviewer, HANDFUL, None),
    "a packet with a long log": (packet_of_a_talker, stories.COUNTED_TO + HANDFUL, "comment_by_kind"),
    "a story with a long log": (story, stories.COUNTED_TO + HANDFUL, "comment_by_kind"),
    "why there is nothing": (explain(), 3 * emptiness.COUNTED_TO, "task_queue"),
    "why there is nothing in a project": (explain(project="attic"), 3 * emptiness.COUNTED_TO, None),
    "why there is nothing of a label": (explain(label="rare"), 3 * emptiness.COUNTED_TO, "task_queue"),
    "whom to wake": (wake("zed", "holder-3"), 64 * 6, "task_queue"),
    "whom to wake for a label": (wake("zed", label="area-3"), HANDFUL, "tasklabel_queue"),
    "a log": (log, HANDFUL, "comment_by_task comment_by_kind"),
    "a history": (history, HANDFUL, "event_by_task"),
    "events": (events(SIZE), HANDFUL, None),
    "events of a task": (events(task_id=SIZE), HANDFUL, None),
    "events of an agent": (events(agent_id=1), 2 * event_log.LOOKED_THROUGH, None),
    "events of a kind": (events(kinds=["task.tested"]), 2 * event_log.LOOKED_THROUGH, None),
    "the order of events": (number, HANDFUL, None),
    "the newest tasks": (page(), HANDFUL, None),
    "the next page": (page(before=SIZE), HANDFUL, None),
    "a status": (page(status=["doing"]), HANDFUL, None),
    "a priority": (page(priority=[0]), HANDFUL, "task_by_priority"),
    "an assignee": (page(assignee="holder-3"), HANDFUL, "task_by_assignee"),
    "a reviewer": (page(reviewer="ruth"), HANDFUL, "task_by_reviewer"),
    "a project": (page(project="attic"), HANDFUL, "task_by_project"),
    "a label": (page(label=filling.RARE_LABEL), HANDFUL, "tasklabel_by_label"),
    "what is stale": (page(stale=True), HANDFUL, None),
    "what asks a human": (page(asks_human=True), HANDFUL, "task_asks_human"),
    "what is not": (page(stale=False), HANDFUL, None),
    **board_questions.QUESTIONS,
    "the figures of a period": (figures, 2 * HANDFUL, "event_by_kind"),
    "the review times of a period": (figures, 2 * HANDFUL, "review_by_time"),
    "words": (page(q="4711"), HANDFUL, None),
    **page_questions.QUESTIONS,
    **admin_lists.QUESTIONS,
    **task_questions.QUESTIONS,
}
EVERY_QUESTION = pytest.mark.parametrize("name", QUESTIONS)
CONTROLLED = pytest.mark.parametrize("name", [name for name, (*_, index) in QUESTIONS.items() if index])


@EVERY_QUESTION
def test_a_question_reads_a_handful_of_rows(board, name):
    call, most, _ = QUESTIONS[name]
    assert plans.costs(call, most=most) == []


@CONTROLLED
def test_without_its_index_it_reads_many(board, name):
    call, most, index = QUESTIONS[name]
    assert plans.costs(call, most=most, without=index)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver keeps every statement")
def test_all_of_a_claim_keeps_its_plan_and_none_of_the_lists_does(board):
    claim = plans.recorded(lambda: packets.build(claims.next_task("ada", now=NOW).task_ids, now=NOW))
    assert [one.sql for one in claim if not one.kept] == []
    assert [one.sql for one in plans.recorded(page(status=["doing"])) if one.kept] == []
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)


def _in_work() -> int:
    return Task.objects.filter(status="doing").order_by("pk").values_list("pk", flat=True)[0]


def _talked_about() -> int:
    return Task.objects.filter(status="doing").order_by("-pk").values_list("pk", flat=True)[0]


def _talk() -> None:
    """One task gets 10,000 notes after a word that is worth more than all of them, and what is done was attempted."""
    words = [("failed", "Oil did not help"), *(("note", f"Squeak {n}") for n in range(10_000))]
    Comment.objects.bulk_create(
        [Comment(task_id=_talked_about(), kind=kind, text=text, created_at=NOW) for kind, text in words],
        batch_size=1000,
    )
    done = Task.objects.filter(status="done", attempt_set=None).values_list("pk", "assignee")
    ended = {"token": 1, "started_at": NOW, "ended_at": NOW, "outcome": "submitted"}
    Attempt.objects.bulk_create(
        [Attempt(task_id=task, agent_id=agent, **ended) for task, agent in done], batch_size=1000
    )
    with connection.cursor() as cursor:
        for table in ("tasks_attempt", "tasks_comment"):
            cursor.execute(f"ANALYZE {table}")


def _forget_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
    # Statistics are read when a database is opened.
    connection.close()
