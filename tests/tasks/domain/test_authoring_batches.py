"""Writing many tasks down at once: all or nothing, with dependencies among them."""

import itertools

import pytest

from tasks.domain import authoring
from tasks.domain.authoring import Draft
from tasks.domain.refusals import Invalid
from tasks.models import Dependency, Event, Lane, Task
from tests.tasks import board_rows


def test_the_tasks_come_in_the_order_of_their_drafts(olga, now):
    written = authoring.write([Draft(title=title) for title in "abcde"], by=olga, now=now).tasks
    ids = [task.pk for task in written]
    assert [task.title for task in written] == list("abcde")
    assert ids == sorted(ids)
    assert list(Event.objects.filter(kind="task.created").values_list("task", flat=True)) == ids


def test_a_draft_may_wait_for_another_one_of_the_call_wherever_it_stands(olga, write, now):
    existing = write("there already")
    drafts = [
        Draft(title="last", depends_on=["b", "a", existing.ref]),
        Draft(title="second", external_id="b", depends_on=["a"]),
        Draft(title="first", external_id="a"),
    ]
    last, second, first = authoring.write(drafts, by=olga, now=now).tasks
    edges = set(Dependency.objects.values_list("task", "depends_on"))
    assert edges == {(last.pk, second.pk), (last.pk, first.pk), (last.pk, existing.pk), (second.pk, first.pk)}
    assert [task.open_blockers for task in (last, second, first)] == [3, 1, 0]


def test_a_name_within_the_call_comes_before_one_on_the_board(olga, write, now):
    write("there already", external_id="7")
    drafts = [
        Draft(title="7", project="other", external_id="7"),
        Draft(title="x", project="other", depends_on=["7"]),
    ]
    seven, task = authoring.write(drafts, by=olga, now=now).tasks
    assert task.dependencies.get().depends_on_id == seven.pk


def test_a_name_of_another_project_of_the_call_is_not_meant(olga, now):
    drafts = [Draft(title="x", external_id="a"), Draft(title="y", project="other", depends_on=["a"])]
    refuse(drafts, olga, now, "tasks[1].depends_on", "There is no task 'a'")


@pytest.mark.parametrize(
    ("edges", "circle"),
    [
        ({"a": ["b"], "b": ["a"]}, {"a", "b"}),
        ({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["b"]}, {"b", "c", "d"}),
        ({"a": [], "b": ["b"]}, {"b"}),
    ],
)
def test_a_circle_is_refused_naming_who_waits_for_whom(olga, now, edges, circle):
    drafts = [Draft(title=name, external_id=name, depends_on=waits) for name, waits in edges.items()]
    before = board_rows.read()
    with pytest.raises(Invalid) as refusal:
        authoring.write(drafts, by=olga, now=now)
    ((place, (text,)),) = refusal.value.extra["errors"].items()
    names = text.removeprefix("The dependencies go in a circle: ").rstrip(".").split(" waits for ")
    assert set(names) == circle
    assert all(after in edges[before_it] for before_it, after in itertools.pairwise(names))
    assert names[0] == names[-1]
    assert place.startswith("tasks[")
    assert board_rows.read() == before


def test_one_wrong_draft_refuses_them_all(olga, write, now):
    write(external_id="taken")
    right = [
        Draft(title="x", done_criteria=["y"], reviewer="new", project="new", external_id=f"{at}")
        for at in "abc"
    ]
    wrong = {
        "external_id": (Draft(title="x", external_id="taken"), "has 'taken' already"),
        "depends_on": (Draft(title="x", depends_on=["nobody"]), "There is no task 'nobody'"),
        "assignee": (Draft(title="x", assignee="new", reviewer="new"), "is the reviewer"),
    }
    for field, (draft, words) in wrong.items():
        refuse([*right, draft], olga, now, f"tasks[3].{field}", words)
    refuse([*right, right[1]], olga, now, "tasks[3].external_id", "'b' stands twice in this call")


def test_a_thousand_tasks_cost_a_bounded_number_of_queries(
    ada, bob, rita, olga, now, django_assert_max_num_queries
):
    """Whatever they name: people, projects, labels, skills, dependencies on each other and on what there is."""
    known = authoring.write(
        [Draft(title="x", external_id=f"old-{at}") for at in range(300)], by=olga, now=now
    ).tasks
    drafts = [
        Draft(
            title=f"{at}",
            done_criteria=["one", "two"],
            reviewer="rita",
            assignee=("ada", "bob", None)[at % 3],
            project=("main", "other")[at % 2],
            labels=[f"label-{at % 7}", "all"],
            skills=[f"skill-{at % 5}"],
            external_id=f"new-{at}",
            depends_on=[f"new-{at - 2}", known[at % 300].ref] if at > 1 else [],
        )
        for at in range(1000)
    ]
    with django_assert_max_num_queries(150):
        written = authoring.write(drafts, by=olga, now=now).tasks
    assert Task.objects.count() == 1300
    assert Dependency.objects.count() == 2 * 998
    assert Lane.objects.count() == 1 + 10
    assert {task.open_blockers for task in written[2:]} == {2}


def refuse(drafts, by, now, place, words):
    before = board_rows.read()
    with pytest.raises(Invalid) as refusal:
        authoring.write(drafts, by=by, now=now)
    assert refusal.value.extra["errors"].keys() == {place}
    assert words in refusal.value.extra["errors"][place][0]
    assert board_rows.read() == before
