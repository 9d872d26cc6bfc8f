"""Accounts: what a log says of the work, for whoever goes on with it."""

import pytest

from tasks.domain import comments
from tasks.models import Comment
from tasks.queries import accounts
from tasks.queries.accounts import Entry


def test_progress_is_done_pending_and_questions_are_pending_failures_and_decisions_are_gotchas():
    told = accounts.summarise(
        [
            Entry("ada", "note", "Found the handler"),
            Entry("ada", "tried", "A retry"),
            Entry("ada", "failed", "The retry loops"),
            Entry("zed", "decision", "No new table"),
            Entry("ada", "pending", "The tests"),
            Entry("ada", "question", "Which branch?"),
        ]
    )
    assert told.done == "- note (ada): Found the handler\n- tried (ada): A retry"
    assert told.pending == "- pending (ada): The tests\n- question (ada): Which branch?"
    assert told.gotchas == "- failed (ada): The retry loops\n- decision (zed): No new table"


def test_of_an_empty_log_every_part_says_that_there_is_nothing():
    told = accounts.summarise([])
    assert all(part.startswith("The log names no") for part in (told.done, told.pending, told.gotchas))


def test_every_kind_but_a_move_has_its_part():
    for kind in set(Comment.Kind) - {Comment.Kind.MOVE}:
        assert accounts.summarise([Entry("ada", kind, "word")]) != accounts.summarise([])


def test_a_long_log_loses_its_oldest_entries_and_says_how_many():
    told = accounts.summarise([Entry("ada", "note", f"{n} " + "x" * 300) for n in range(20)])
    lines = told.done.split("\n")
    assert len(told.done) <= accounts.LONGEST_PART + 60
    assert lines[-1].startswith("- note (ada): 19 ")
    assert lines[0] == f"- ({20 - len(lines[1:])} earlier entries are in the log)"


def test_a_long_entry_is_cut():
    told = accounts.summarise([Entry("ada", "failed", "x" * 401)])
    assert told.gotchas == f"- failed (ada): {'x' * 400}…"


@pytest.mark.parametrize("many", [1, 5])
def test_the_accounts_of_several_tasks_are_read_in_one_query(
    ada, zed, write, now, many, django_assert_num_queries
):
    tasks = [write(f"t{n}") for n in range(many)]
    for task in tasks:
        comments.write(task, by=ada, text=f"of {task.ref}", kind="pending", lease=None, now=now)
        comments.write(task, by=zed, text="x" * 1000, kind="note", lease=None, now=now)
        comments.append(task.pk, by=None, kind="note", text="by the board", now=now)
        comments.append(task.pk, by=ada, kind="move", text="handoff", now=now)
    with django_assert_num_queries(1):
        told = accounts.of_each([task.pk for task in tasks])
    assert told == {
        task.pk: accounts.summarise(
            [Entry("ada", "pending", f"of {task.ref}"), Entry("zed", "note", "x" * 1000)]
        )
        for task in tasks
    }
