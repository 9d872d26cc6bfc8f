"""The event log in the order of its numbers, page by page."""

import pytest

from tasks.domain import comments, events, sequence
from tasks.queries import event_log


@pytest.fixture
def told(ada, bob, write, now):
    """Two tasks, and words of ada and bob on both."""
    tasks = [write("first"), write("second")]
    for n in range(6):
        by = (ada, bob)[n % 2]
        comments.write(tasks[n // 3], by=by, text="x", kind="note", lease=None, now=now)
    sequence.catch_up()
    return tasks


def every(limit, **filters):
    """All pages from the beginning, as lists of numbers."""
    pages, at, more = [], 0, True
    while more:
        page = event_log.after(at, limit=limit, **filters)
        pages.append([entry.seq for entry in page.entries])
        assert page.next > at or not page.more
        at, more = page.next, page.more
    return pages


def test_a_board_without_events_has_an_empty_page(db):
    assert event_log.newest() == 0
    assert event_log.after(0, limit=10) == event_log.Page([], 0, more=False)


def test_pages_hold_everything_once_in_order(told):
    count = event_log.newest()
    assert [seq for page in every(4) for seq in page] == list(range(1, count + 1))
    assert event_log.after(count, limit=4) == event_log.Page([], count, more=False)
    assert event_log.after(count + 5, limit=4).next == count + 5


def test_an_entry_says_what_happened_to_which_task_by_whom(told, bob, now):
    events.record("board.tested", now=now, hello="world")
    sequence.catch_up()
    last, board = event_log.after(event_log.newest() - 2, limit=10).entries
    assert (last.kind, last.task_id, last.by, last.at) == ("task.commented", told[1].pk, "bob", now)
    assert last.data["kind"] == "note"
    assert (board.task_id, board.by, board.data) == (None, None, {"hello": "world"})


def test_filters_hold_together(told, ada, bob):
    def found(**filters):
        return [(e.kind, e.task_id, e.by) for e in event_log.after(0, limit=50, **filters).entries]

    everything = found()
    first, second = (task.pk for task in told)
    assert found(task_id=first) == [e for e in everything if e[1] == first]
    assert found(agent_id=ada.pk) == [e for e in everything if e[2] == "ada"]
    assert found(kinds=["task.commented"]) == [e for e in everything if e[0] == "task.commented"]
    both = ["task.created", "agent.registered"]
    assert found(kinds=both) == [e for e in everything if e[0] in both]
    assert (
        found(kinds=["task.commented"], agent_id=bob.pk, task_id=second)
        == [("task.commented", second, "bob")] * 2
    )


def test_a_page_looks_through_a_bounded_part_and_says_that_there_is_more(told, ada, monkeypatch):
    monkeypatch.setattr(event_log, "LOOKED_THROUGH", 3)
    whole = [entry.seq for entry in event_log.after(0, limit=50, task_id=told[1].pk).entries]
    assert len(whole) == 4, "one task's events are found wherever they are"
    pages = every(50, kinds=["task.commented"])
    assert [] in pages
    assert sum(map(len, pages)) == 6
    assert sum(map(len, every(1, agent_id=ada.pk))) == 4
