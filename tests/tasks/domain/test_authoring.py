"""Writing tasks down: what a draft becomes, and what is refused."""

from datetime import timedelta

import pytest

from tasks.domain import authoring, lifecycle
from tasks.domain.refusals import Invalid
from tasks.models import Agent, Criterion, Dependency, Event, Lane, Project, Task, TaskLabel
from tests.tasks import board_rows

DAY = timedelta(days=1)


def test_a_task_has_all_that_its_draft_says(ada, rita, olga, write, now):
    other = write("other")
    draft = authoring.Draft(
        title="Fix login",
        description="It fails on Mondays.",
        done_criteria=["It works", "A test shows it"],
        priority=1,
        reviewer="rita",
        assignee="ada",
        depends_on=[other.ref],
        labels=["api", "ui", "api"],
        skills=["sql", "go", "sql"],
        project="shop",
        due_at=now + 2 * DAY,
        not_before=now + DAY,
        stale_after=7200,
        external_id="bd-7",
    )
    (task,) = authoring.write([draft], by=olga, now=now).tasks

    task.refresh_from_db()
    assert (task.title, task.description, task.priority) == ("Fix login", "It fails on Mondays.", 1)
    assert (task.status, task.status_since, task.created_at, task.updated_at) == ("todo", now, now, now)
    assert (task.created_by, task.assignee, task.reviewer, task.reserved_until) == (olga, ada, rita, None)
    assert (task.project.name, task.external_id, task.due_at, task.stale_after) == (
        "shop",
        "bd-7",
        now + 2 * DAY,
        7200,
    )
    assert (task.not_before, task.deferred, task.open_blockers, task.claimable) == (now + DAY, True, 1, False)
    assert (task.lease_token, task.attempts, task.rejections) == (0, 0, 0)
    assert [(one.version, one.number, one.text) for one in task.criteria.order_by("number")] == [
        (1, 1, "It works"),
        (1, 2, "A test shows it"),
    ]
    assert (task.criteria_version, task.criteria_count) == (1, 2)
    assert list(task.labels.order_by("pk").values_list("label", flat=True)) == ["api", "ui"]
    assert (task.lane.project, task.lane.reviewer, task.lane.skills) == (task.project, rita, ["go", "sql"])
    assert list(task.dependencies.values_list("depends_on", flat=True)) == [other.pk]
    event = Event.objects.get(task=task)
    assert (event.kind, event.agent, event.at) == ("task.created", olga, now)


def test_a_draft_of_only_a_title_is_written_down_and_not_ready(olga, now):
    (task,) = authoring.write([authoring.Draft(title="Idea")], by=olga, now=now).tasks
    task.refresh_from_db()
    assert (task.project.name, task.priority, task.description) == (Project.DEFAULT, 2, "")
    assert (task.criteria_version, task.criteria_count, task.claimable) == (0, 0, False)


def test_a_date_in_the_past_defers_nothing(write, now):
    for time in (now, now - DAY):
        task = write(not_before=time)
        task.refresh_from_db()
        assert (task.not_before, task.deferred, task.claimable) == (time, False, True)


def test_names_nobody_had_are_registered_and_told(ada, olga, now):
    drafts = [
        authoring.Draft(title="1", reviewer="Zoe", assignee="ada"),
        authoring.Draft(title="2", reviewer="yan", assignee="zoe"),
    ]
    written = authoring.write(drafts, by=olga, now=now)
    assert [agent.name for agent in written.new_agents] == ["yan", "zoe"]
    assert [(task.reviewer.name, task.assignee.name) for task in written.tasks] == [
        ("zoe", "ada"),
        ("yan", "zoe"),
    ]


@pytest.mark.parametrize("shape", ["T-{}", "t-{}", "{}"])
def test_a_dependency_is_named_by_id_as_people_write_it(write, shape):
    other = write("other")
    task = write(depends_on=[shape.format(other.pk)])
    assert list(task.dependencies.values_list("depends_on", flat=True)) == [other.pk]


def test_a_dependency_is_named_by_external_id_within_its_project(write):
    write("elsewhere", external_id="a-1", project="other")
    other = write("here", external_id="a-1")
    task = write(depends_on=["a-1", other.ref])
    assert list(task.dependencies.values_list("depends_on", flat=True)) == [other.pk]
    assert task.open_blockers == 1


@pytest.mark.parametrize(("verb", "open_blockers"), [("cancel", 0), (None, 1)])
def test_a_finished_task_holds_nobody_up(write, now, verb, open_blockers):
    other = write("other")
    if verb:
        assert lifecycle.move(other.pk, verb, now=now, by=None)
    task = write(depends_on=[other.ref])
    task.refresh_from_db()
    assert (task.open_blockers, task.claimable) == (open_blockers, not open_blockers)


@pytest.mark.parametrize(
    ("draft", "field", "words"),
    [
        ({"depends_on": ["T-999999"]}, "depends_on", "There is no task 'T-999999'"),
        ({"depends_on": ["bd-1"]}, "depends_on", "There is no task 'bd-1'"),
        ({"depends_on": ["T-0"]}, "depends_on", "There is no task 'T-0'"),
        ({"depends_on": ["../x"]}, "depends_on", "There is no task '../x'"),
        ({"depends_on": ["T-" + "9" * 30]}, "depends_on", "There is no task"),
        ({"depends_on": ["T-¹"]}, "depends_on", "There is no task"),
        ({"assignee": "Zoe", "reviewer": "zoe"}, "assignee", "Zoe is the reviewer"),
        ({"assignee": "no name"}, "assignee", "An agent's name is"),
        ({"reviewer": "system"}, "reviewer", "An agent's name is"),
        ({"project": "no project"}, "project", "A project's name is"),
        ({"external_id": "taken"}, "external_id", "has 'taken' already"),
        ({"external_id": "x", "depends_on": ["x"]}, "depends_on", "go in a circle: x waits for x"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_naming_the_field_and_leaves_no_trace(
    olga, write, now, draft, field, words
):
    write("first", external_id="taken")
    before = board_rows.read()
    with pytest.raises(Invalid) as refusal:
        authoring.write([authoring.Draft(title="x", **draft)], by=olga, now=now)
    assert words in refusal.value.extra["errors"][field][0]
    assert board_rows.read() == before


def test_an_external_id_belongs_to_a_project(write):
    one, other = write(external_id="a-1"), write(external_id="a-1", project="other")
    assert one.pk != other.pk


def test_twenty_long_skills_in_any_script_make_a_lane(olga, now):
    skills = [f"{at:02d}" + "漢" * 58 for at in range(20)]
    for _ in range(2):
        (task,) = authoring.write([authoring.Draft(title="x", skills=skills)], by=olga, now=now).tasks
        assert task.lane.skills == skills
    assert Lane.objects.count() == 1


def test_nothing_is_left_of_a_call_that_fails_at_its_last_step(olga, now, monkeypatch):
    before = board_rows.read()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(authoring.events, "record_many", fail)
    draft = authoring.Draft(title="x", done_criteria=["y"], labels=["z"], reviewer="new", project="new")
    with pytest.raises(RuntimeError):
        authoring.write([draft], by=olga, now=now)
    assert board_rows.read() == before
    for model in (Task, Criterion, TaskLabel, Dependency, Lane):
        assert not model.objects.exists()
    assert not Agent.objects.filter(name="new").exists()
