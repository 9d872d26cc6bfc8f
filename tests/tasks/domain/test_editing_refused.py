"""Editing: what is refused, by whom and when; nothing of a refused call is written."""

from datetime import timedelta

import pytest

from tasks.domain import claims, closing, criteria, editing, reservations
from tasks.domain.refusals import Conflict, Denied, Invalid
from tasks.models import Status
from tests.tasks import board_rows, states

EACH_FIELD = {
    "title": "x",
    "description": "x",
    "priority": 0,
    "due_at": None,
    "stale_after": 5,
    "external_id": "x",
    "done_criteria": ["x"],
    "labels": ["x"],
    "depends_on": [],
    "not_before": None,
    "reviewer": "zed",
    "assignee": "zed",
    "project": "other",
    "skills": ["x"],
}
TODO_ONLY = {
    "depends_on": editing.NotTodo,
    "not_before": editing.NotTodo,
    "skills": editing.NotTodo,
    "project": editing.NotTodo,
    "assignee": reservations.NotReservable,
    "done_criteria": criteria.CriteriaFrozen,
}
IN_WORK = [Status.DOING, Status.BLOCKED, Status.VALIDATING]


@pytest.mark.parametrize("field", EACH_FIELD)
@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
def test_a_finished_task_is_not_edited(ada, olga, write, now, status, field):
    task = states.reach(write(), status, worker=ada, now=now)
    refusal = refused(editing.Closed, task, olga, now, **{field: EACH_FIELD[field]})
    assert refusal.detail == f"{task.ref} is {status}."
    assert f"POST /tasks/{task.ref}/reopen" in refusal.fix


@pytest.mark.parametrize("field", TODO_ONLY)
@pytest.mark.parametrize("status", IN_WORK)
def test_what_decides_who_may_be_given_a_task_is_edited_while_it_is_todo(
    ada, olga, write, now, status, field
):
    task = states.reach(write(), status, worker=ada, now=now)
    refused(TODO_ONLY[field], task, olga, now, **{field: EACH_FIELD[field]})


def test_criteria_are_frozen_at_the_first_claim_and_stay_so(ada, olga, write, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    closing.take_back(task, by=None, reason="Silent", now=now)
    refusal = refused(criteria.CriteriaFrozen, task, olga, now, done_criteria=["Easier"])
    assert refusal.detail == f"The done criteria of {task.ref} were frozen when it was first claimed."


def test_a_worker_of_a_task_neither_chooses_nor_changes_its_reviewer(ada, olga, write, now):
    """Not while it holds it, not afterwards, and not if it wrote the task itself."""
    task = states.reach(write(by=ada, reviewer="rita"), Status.DOING, worker=ada, now=now)
    for reviewer in ("zed", "rita", None):
        refusal = refused(editing.OwnWork, task, ada, now, reviewer=reviewer)
        assert refusal.code == "own_work"
    closing.take_back(task, by=None, reason="Silent", now=now)
    refused(editing.OwnWork, task, ada, now, reviewer="zed")
    editing.edit(task, by=olga, now=now, reviewer="zed")


def test_a_worker_may_edit_everything_else(ada, write, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    editing.edit(task, by=ada, now=now, title="Repair", labels=["x"])


def test_a_worker_of_a_task_is_never_made_its_reviewer(ada, bob, olga, write, now):
    task = states.reach(write(), Status.DOING, worker=ada, now=now)
    assert "ada is a worker" in refused(Invalid, task, olga, now, reviewer="ada").detail
    closing.take_back(task, by=None, reason="Silent", now=now)
    claims.claim(task, by=bob, now=now)
    for name in ("ada", "bob"):
        refusal = refused(Invalid, task, olga, now, reviewer=name)
        assert refusal.extra["errors"].keys() == {"reviewer"}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"assignee": "rita"}, "assignee", "rita is the reviewer"),
        ({"reviewer": "ada"}, "reviewer", "ada is a worker"),
        ({"assignee": "zed", "reviewer": "zed"}, "assignee", "zed is the reviewer"),
        ({"assignee": "no name"}, "assignee", "An agent's name is"),
        ({"reviewer": "system"}, "reviewer", "An agent's name is"),
        ({"project": "no name"}, "project", "A project's name is"),
        ({"depends_on": ["T-999999", "bd-1"]}, "depends_on", "There is no task T-999999, bd-1"),
        ({"external_id": "taken"}, "external_id", "Another task has 'taken'"),
        ({"project": "other"}, "external_id", "Another task has 'mine'"),
        ({"project": "other", "external_id": "theirs"}, "external_id", "Another task has 'theirs'"),
    ],
)
def test_an_impossible_value_is_refused_naming_the_field(ada, rita, olga, write, now, changes, field, words):
    write(external_id="taken")
    write(external_id="mine", project="other")
    write(external_id="theirs", project="other")
    task = write(external_id="mine", assignee="ada", reviewer="rita")
    refusal = refused(Invalid, task, olga, now, **changes)
    assert words in refusal.extra["errors"][field][0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"depends_on": ["nobody"]},
        {"external_id": "taken"},
        {"reviewer": "ada"},
        {"assignee": "rita"},
    ],
)
def test_one_wrong_field_refuses_the_whole_edit(ada, rita, olga, write, now, wrong):
    write(external_id="taken")
    task = write(assignee="ada", reviewer="rita")
    right = {
        "title": "x",
        "labels": ["x"],
        "done_criteria": ["x"],
        "skills": ["x"],
        "priority": 0,
    }
    refused(Invalid, task, olga, now, **right, **wrong)


def test_its_own_external_id_is_not_taken(olga, write, now):
    task = write(external_id="mine")
    editing.edit(task, by=olga, now=now, external_id="mine", title="Repair")


def refused(kind, task, by, now, **changes):
    before = board_rows.read()
    with pytest.raises((Conflict, Denied, Invalid)) as refusal:
        editing.edit(task, by=by, now=now + timedelta(minutes=1), **changes)
    assert type(refusal.value) is kind
    assert board_rows.read() == before
    return refusal.value
