"""Lists: every filter, and pages that stay put while tasks are added."""

from datetime import timedelta

import pytest

from tasks.domain import closing, comments, due, reservations
from tasks.models import Status, Task
from tasks.queries import task_list
from tests.tasks import states

MINUTE = timedelta(minutes=1)
LATER = timedelta(hours=2)


@pytest.fixture
def board(ada, bob, rita, olga, write, now):
    """A task of each kind, by its title."""
    write("plain")
    write("urgent", priority=0, labels=["api", "ui"], description="A walrus sat on the cable.")
    write("low", priority=3, labels=["api"], project="other", skills=["go"])
    write("without criteria", done_criteria=[])
    write("deferred", not_before=now + MINUTE)
    write("far away", not_before=now + 100 * LATER)
    write("bobs", assignee="bob", reviewer="rita")
    lapsing = write("lapsing", labels=["ui"])
    reservations.reserve(lapsing, bob, by=None, now=now, until=now + MINUTE)
    both = write("lapsing and deferred", not_before=now + MINUTE)
    reservations.reserve(both, bob, by=None, now=now, until=now + MINUTE)
    blocker = states.reach(write("held", assignee="ada"), Status.DOING, worker=ada, now=now)
    write("waiting", depends_on=[blocker.ref])
    states.reach(write("to review", reviewer="rita", assignee="bob"), Status.VALIDATING, worker=bob, now=now)
    closing.cancel(write("given up"), by=olga, reason="x", now=now)
    Task.objects.filter(title="bobs").update(asks_human="Which one?")


READY = {"plain", "urgent", "low"}
# The filters, how long after the start of the story they are asked, and which tasks they find.
FILTERS = [
    ({"status": ["doing"]}, 0, {"held"}),
    ({"status": ["doing", "validating", "cancelled"]}, 0, {"held", "to review", "given up"}),
    ({"priority": [0]}, 0, {"urgent"}),
    ({"priority": [0, 3]}, 0, {"urgent", "low"}),
    ({"assignee": "bob"}, 0, {"bobs", "lapsing", "lapsing and deferred", "to review"}),
    ({"assignee": "nobody"}, 0, set()),
    ({"reviewer": "rita"}, 0, {"bobs", "to review"}),
    ({"reviewer": "nobody"}, 0, set()),
    ({"project": "other"}, 0, {"low"}),
    ({"project": "nowhere"}, 0, set()),
    ({"label": "api"}, 0, {"urgent", "low"}),
    ({"label": "ap"}, 0, set()),
    ({"label": "api", "project": "other", "priority": [3]}, 0, {"low"}),
    ({"q": "walrus cable"}, 0, {"urgent"}),
    ({"q": "walrus", "label": "ui"}, 0, {"urgent"}),
    ({"q": "walrus", "label": "none"}, 0, set()),
    ({"q": "lapsing"}, 0, {"lapsing", "lapsing and deferred"}),
    ({"q": "T-999999"}, 0, set()),
    ({"q": " "}, 0, set()),
    ({"asks_human": True}, 0, {"bobs"}),
    ({"stale": True}, 0, set()),
    ({"stale": True}, 2, {"held"}),
    ({"ready": True}, 0, READY),
    ({"ready": True}, 2, READY | {"deferred", "lapsing", "lapsing and deferred"}),
    ({"ready": True, "assignee": "bob"}, 0, {"bobs", "lapsing"}),
    ({"ready": True, "assignee": "bob"}, 2, {"bobs", "lapsing", "lapsing and deferred"}),
    ({"ready": True, "label": "ui"}, 2, {"urgent", "lapsing"}),
    ({"ready": True, "project": "other"}, 0, {"low"}),
]


@pytest.mark.parametrize(("filters", "hours", "expected"), FILTERS)
def test_a_filter_finds_what_it_says(board, now, filters, hours, expected):
    assert listed(now + timedelta(hours=hours), **filters) == expected


@pytest.mark.parametrize("name", ["stale", "ready", "asks_human"])
@pytest.mark.parametrize("hours", [0, 2])
def test_no_is_everything_that_is_not_yes(board, now, name, hours):
    at = now + timedelta(hours=hours)
    yes, no = listed(at, **{name: True}), listed(at, **{name: False})
    assert yes | no == listed(at)
    assert yes & no == set()


def test_a_list_of_what_is_ready_agrees_with_the_queue_once_somebody_has_asked(board, ada, bob, now):
    before = listed(now + LATER, ready=True)
    due.catch_up(now=now + LATER)
    assert listed(now + LATER, ready=True) == before


def test_a_task_is_found_by_its_id(board, now):
    task = Task.objects.get(title="bobs")
    assert listed(now, q=f" t-{task.pk} ") == {"bobs"}
    assert listed(now, q=task.ref, status=["doing"]) == set()


def test_a_word_by_the_holder_clears_the_stale_flag(board, ada, now):
    task = Task.objects.get(title="held")
    comments.write(task, by=ada, text="On it", kind="note", lease=None, now=now + LATER)
    assert listed(now + LATER, stale=True) == set()


def test_pages_are_newest_first_and_have_every_task_once(write, now):
    written = [write(f"{at}").pk for at in range(10)]
    assert pages(now, limit=3) == [written[::-1][at : at + 3] for at in (0, 3, 6, 9)]
    assert pages(now, limit=5) == [written[:4:-1], written[4::-1]]


def test_the_last_page_says_that_it_is_the_last(write, now):
    for _ in range(4):
        write()
    assert task_list.page(limit=4, before=None, now=now)[1] is None
    assert task_list.page(limit=3, before=None, now=now)[1] is not None
    assert task_list.page(limit=3, before=1, now=now) == ([], None)


def test_pages_stay_put_while_tasks_are_added(write, now):
    written = [write(f"{at}").pk for at in range(9)]
    found, before = [], None
    while True:
        rows, before = task_list.page(limit=2, before=before, now=now, priority=[2])
        found += [task.pk for task in rows]
        write("in between")
        if before is None:
            break
    assert found == written[::-1]


@pytest.mark.parametrize("limit", [1, 12])
def test_a_page_costs_the_same_number_of_queries_for_any_number_of_tasks(
    board, now, limit, django_assert_num_queries
):
    with django_assert_num_queries(2):
        rows, _ = task_list.page(limit=limit, before=None, now=now)
        for task in rows:
            assert [task.title, task.project.name, *(label.label for label in task.labels.all())]
            assert [task.assignee and task.assignee.name, task.reviewer and task.reviewer.name]


def listed(now, **filters):
    rows, more = task_list.page(limit=50, before=None, now=now, **filters)
    assert more is None
    titles = [task.title for task in rows]
    assert len(titles) == len(set(titles))
    assert [task.pk for task in rows] == sorted((task.pk for task in rows), reverse=True)
    return set(titles)


def pages(now, *, limit):
    found, before = [], None
    while True:
        rows, before = task_list.page(limit=limit, before=before, now=now)
        found.append([task.pk for task in rows])
        if before is None:
            return found
