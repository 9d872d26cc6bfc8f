"""The log: anyone may write to it, at any time, and nothing in it is ever changed."""

from datetime import timedelta

import pytest

from tasks.domain import comments, events
from tasks.models import Comment, Event, Status
from tests.tasks import board_rows, states


@pytest.mark.parametrize("status", Status)
def test_a_comment_is_taken_in_every_state_and_moves_nothing(ada, zed, write, now, status):
    task = states.reach(write(), status, worker=ada, now=now)
    before, later = board_rows.read(), now + timedelta(minutes=3)

    written = comments.write(task, by=zed, text="Seen this?", kind="question", lease=None, now=later)

    assert not written.by_holder
    changed = board_rows.changed(before, board_rows.read())
    assert changed.keys() == {"Comment", "Event"}
    comment = Comment.objects.get(pk=written.comment_id)
    assert (comment.task, comment.author, comment.kind) == (task, zed, "question")
    assert (comment.text, comment.created_at) == ("Seen this?", later)
    event = Event.objects.get(pk__in=changed["Event"])
    assert (event.kind, event.task, event.agent, event.at) == ("task.commented", task, zed, later)
    assert event.data == {"comment": comment.pk, "kind": "question"}


@pytest.mark.parametrize(
    "text", ["%s %(x)s 100 %", "'; DROP TABLE tasks_task; --", "🧵 ünï", "a\r\n\tb", "{}"]
)
def test_a_text_is_kept_as_it_was_written(ada, write, now, text):
    comments.write(write(), by=ada, text=text, kind="note", lease=None, now=now)
    assert Comment.objects.get().text == text


def test_the_board_itself_writes_without_an_author(write, now):
    pk = comments.append(write().pk, by=None, kind="move", text="Taken back", now=now)
    assert Comment.objects.get(pk=pk).author is None


def test_an_event_keeps_what_it_was_given(ada, write, now):
    task = write()
    events.record(
        "task.tested", now=now, task_id=task.pk, by=ada, text="ünï 🧵 %s", numbers=[1, None, {"a": True}]
    )
    event = Event.objects.get(kind="task.tested")
    assert event.data == {"text": "ünï 🧵 %s", "numbers": [1, None, {"a": True}]}
    assert (event.task, event.agent, event.at) == (task, ada, now)


def test_an_event_may_be_about_no_task_and_by_nobody(db, now):
    events.record("board.tested", now=now)
    event = Event.objects.get()
    assert (event.task, event.agent, event.data) == (None, None, {})
