"""Editing: each field, and what follows from it."""

from datetime import timedelta

import pytest

from tasks.domain import agents, claims, editing, reservations
from tasks.models import Event, Status, Task, TaskLabel
from tasks.queries import search
from tests.tasks import board_rows, states

DAY = timedelta(days=1)


@pytest.fixture
def edit(olga, now):
    def one(task, *, by=olga, at=now + DAY, **changes):
        editing.edit(task, by=by, now=at, **changes)
        task.refresh_from_db()
        return task

    return one


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Repair login"),
        ("description", "It fails on Mondays."),
        ("priority", 0),
        ("due_at", None),
        ("due_at", "soon"),
        ("external_id", "bd-9"),
        ("external_id", None),
        ("stale_after", 60),
        ("stale_after", None),
    ],
)
def test_a_plain_field_is_set_and_nothing_else_changes(write, edit, olga, now, field, value):
    task = write(due_at=now, external_id="bd-8", stale_after=5)
    before = board_rows.read()
    value = now + DAY if value == "soon" else value

    edit(task, **{field: value})

    after = board_rows.read()
    assert board_rows.changed(before, after).keys() == {"Task", "Event"}
    row = before["Task"][task.pk] | {field: value, "updated_at": now + DAY}
    assert after["Task"] == {task.pk: row}
    event = Event.objects.latest("pk")
    assert (event.kind, event.task, event.agent, event.data) == (
        "task.edited",
        task,
        olga,
        {"fields": [field]},
    )


def test_several_fields_are_set_by_one_call_and_told_by_one_event(write, edit):
    task = edit(write(), title="Repair login", labels=["api"], priority=0, done_criteria=["New"])
    assert (task.title, task.priority, task.criteria_count) == ("Repair login", 0, 1)
    assert Event.objects.latest("pk").data == {"fields": ["done_criteria", "labels", "priority", "title"]}


def test_labels_are_replaced_and_those_that_stay_keep_their_rows(write, edit):
    task = write(labels=["a", "b"])
    kept = TaskLabel.objects.get(label="b").pk
    edit(task, labels=["c", "b", "c"])
    assert dict(task.labels.values_list("label", "pk")).keys() == {"b", "c"}
    assert TaskLabel.objects.get(label="b").pk == kept
    assert TaskLabel.objects.get(label="c").in_pool
    edit(task, labels=[])
    assert not TaskLabel.objects.exists()


def test_labels_given_while_a_task_is_held_stay_out_of_the_pool(ada, write, edit, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    edit(task, labels=["api"])
    assert not TaskLabel.objects.get().in_pool


def test_criteria_make_a_task_ready_and_taking_them_away_makes_it_not(write, edit):
    task = write(done_criteria=[])
    edit(task, done_criteria=["One", "Two"])
    assert (task.claimable, task.criteria_version, task.criteria_count) == (True, 1, 2)
    assert list(task.criteria.order_by("number").values_list("version", "number", "text")) == [
        (1, 1, "One"),
        (1, 2, "Two"),
    ]
    edit(task, done_criteria=[])
    assert (task.claimable, task.criteria_version, task.criteria_count) == (False, 0, 0)
    assert not task.criteria.exists()


def test_not_before_defers_a_task_and_null_gives_it_back(write, edit, now):
    task = write()
    edit(task, not_before=now + 2 * DAY)
    assert (task.deferred, task.claimable) == (True, False)
    edit(task, not_before=now)
    assert (task.deferred, task.claimable, task.not_before) == (False, True, now)
    edit(task, not_before=now + 2 * DAY)
    edit(task, not_before=None)
    assert (task.deferred, task.claimable) == (False, True)


def test_an_assignee_is_a_reservation_for_good(ada, bob, write, edit, now):
    task = write()
    reservations.reserve(task, bob, by=None, now=now, until=now + DAY)
    edit(task, assignee="ada")
    assert (task.status, task.assignee, task.reserved_until) == ("todo", ada, None)
    edit(task, assignee=None)
    assert task.assignee is None
    assert [event.kind for event in Event.objects.order_by("pk")][-4:] == [
        *("task.reserved", "task.edited"),
        *("task.unreserved", "task.edited"),
    ]


def test_a_name_nobody_had_is_registered(write, edit):
    task = edit(write(), assignee="Zoe", reviewer="yan")
    assert (task.assignee.name, task.reviewer.name) == ("zoe", "yan")


def test_a_reviewer_is_set_and_from_then_on_never_given_the_task(ada, write, edit, now):
    task = edit(write(), reviewer="ada")
    assert (task.reviewer, task.lane.reviewer) == (ada, ada)
    assert isinstance(claims.next_task("ada", now=now), claims.Nothing)
    edit(task, reviewer=None)
    assert (task.reviewer, task.lane.reviewer) == (None, None)
    assert claims.next_task("ada", now=now).task_ids == [task.pk]


def test_assignee_and_reviewer_change_places_in_one_call(ada, rita, write, edit):
    task = write(assignee="ada", reviewer="rita")
    edit(task, assignee="rita", reviewer="ada")
    assert (task.assignee, task.reviewer, task.lane.reviewer) == (rita, ada, ada)
    edit(task, reviewer="rita", assignee="ada")
    assert (task.assignee, task.reviewer) == (ada, rita)


def test_an_agent_whose_reservation_has_lapsed_may_review(bob, write, edit, now):
    task = write()
    reservations.reserve(task, bob, by=None, now=now, until=now + DAY)
    edit(task, reviewer="bob", at=now + DAY)
    assert (task.assignee, task.reviewer) == (None, bob)


def test_skills_and_project_move_a_task_to_another_lane_and_its_labels_with_it(ada, write, edit, now):
    task = write(labels=["api"], skills=["go"])
    edit(task, skills=["sql", "css"], project="other")
    assert (task.project.name, task.lane.project, task.lane.skills) == ("other", task.project, ["css", "sql"])
    assert TaskLabel.objects.get().lane == task.lane
    agents.change(ada, by=None, now=now, skills=["sql", "css"])
    assert claims.next_task("ada", now=now, project="other", label="api").task_ids == [task.pk]


def test_an_edit_of_the_reviewer_keeps_skills_and_project(rita, write, edit):
    task = edit(write(skills=["go"], project="other"), reviewer="rita")
    assert (task.lane.skills, task.lane.project.name, task.lane.reviewer) == (["go"], "other", rita)


def test_a_priority_takes_effect_in_the_queue_at_once(ada, write, edit, now):
    write("first")
    task = edit(write("second", labels=["api"]), priority=0)
    assert TaskLabel.objects.get().priority == 0
    assert claims.next_task("ada", now=now).task_ids == [task.pk]


def test_a_project_and_an_external_id_change_together(write, edit):
    """The id that is taken where the task comes from is free where it goes."""
    write("in the way", external_id="b")
    task = edit(write(external_id="a"), project="other", external_id="b")
    assert (task.project.name, task.external_id) == ("other", "b")


def test_dependencies_are_named_by_id_or_external_id(write, edit):
    one, two = write(), write(external_id="two")
    task = edit(write(), depends_on=[f"t-{one.pk}", "two"])
    assert set(task.dependencies.values_list("depends_on", flat=True)) == {one.pk, two.pk}
    assert task.open_blockers == 2


def test_words_are_found_by_their_new_text_and_not_by_the_old(write, edit):
    task = write("Walrus", description="tusk")
    edit(task, title="Penguin")
    for words, found in [("walrus", []), ("penguin tusk", [task]), ("tusk", [task])]:
        assert list(search.matching(Task.objects.all(), words)) == found


@pytest.mark.parametrize("status", ["todo", "doing", "blocked", "validating"])
def test_what_a_task_says_can_be_edited_in_every_open_state(ada, write, edit, now, status):
    task = states.reach(write(), Status(status), worker=ada, now=now)
    edit(
        task,
        title="Repair",
        description="d",
        priority=1,
        labels=["a"],
        reviewer="zoe",
        external_id="e",
        due_at=now,
    )
    assert (task.title, task.priority, task.reviewer.name, task.status) == ("Repair", 1, "zoe", status)
