"""Pages of a task's log."""

from datetime import timedelta

import pytest

from tasks.domain import comments
from tasks.queries import comment_list

MINUTE = timedelta(minutes=1)


@pytest.fixture
def task(ada, write, now):
    task, other = write(), write()
    for at, kind in enumerate(["note", "tried", "failed", "tried", "note"]):
        comments.write(task, by=ada, text=f"{at}", kind=kind, lease=None, now=now + at * MINUTE)
        comments.write(other, by=ada, text="elsewhere", kind=kind, lease=None, now=now)
    return task


def test_the_log_is_read_oldest_first_with_one_too_many_when_there_is_more(task):
    assert texts(task, limit=5) == ["0", "1", "2", "3", "4"]
    assert texts(task, limit=3) == ["0", "1", "2", "3"]


def test_it_goes_on_after_a_comment_or_from_a_time(task, now):
    third = comment_list.page(task.pk, limit=5)[2]
    assert texts(task, limit=5, since=third.pk) == ["3", "4"]
    assert texts(task, limit=5, since=third.created_at) == ["2", "3", "4"]
    assert texts(task, limit=5, since=0) == ["0", "1", "2", "3", "4"]
    assert texts(task, limit=5, since=now + 9 * MINUTE) == []


def test_one_kind_can_be_read_alone(task):
    assert texts(task, limit=5, kind="tried") == ["1", "3"]
    assert texts(task, limit=5, kind="question") == []


def test_a_page_costs_one_query(task, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert {comment.author.name for comment in comment_list.page(task.pk, limit=5)} == {"ada"}


def texts(task, **asked):
    return [comment.text for comment in comment_list.page(task.pk, **asked)]
