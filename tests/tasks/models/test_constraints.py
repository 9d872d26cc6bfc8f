"""The row is the last guard: what no rule of the board allows, the database refuses too."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import F, UniqueConstraint

from tasks.domain import comments
from tasks.models import (
    Agent,
    Attempt,
    Comment,
    Criterion,
    Dependency,
    Digest,
    DoneVia,
    Event,
    Lane,
    Project,
    Status,
    Task,
    TaskLabel,
)
from tests.tasks import states
from tests.tasks.models.handoff_writes import HANDOFF_WRITES
from tests.tasks.models.review_writes import REVIEW_WRITES
from tests.tasks.models.sign_in_writes import SIGN_IN_WRITES
from tests.tasks.models.webhook_writes import WEBHOOK_WRITES

HOUR = timedelta(hours=1)


class Facts:
    """A board for the writes below: a task in each state, two ready ones, and people."""

    def __init__(self, ada, rita, olga, write, now):
        self.ada, self.rita, self.olga, self.now = ada, rita, olga, now
        self.ready = write("ready", reviewer="rita", external_id="a", labels=["x"])
        self.waiting = write("waiting", external_id="b", depends_on=[self.ready.ref], labels=["y"])
        agent = Agent.objects.create(name="worker", created_at=now, wip_limit=9)
        self.in_state = {
            status: states.reach(write(status), status, worker=agent, now=now) for status in Status
        }
        self.worker = agent

    def task(self, of, /, **columns):
        return Task.objects.filter(pk=of.pk).update(**columns)

    def state(self, reached, /, **columns):
        return self.task(self.in_state[reached], **columns)


@pytest.fixture
def facts(ada, rita, olga, write, now):
    return Facts(ada, rita, olga, write, now)


def _digest(f, text="d"):
    return Digest.objects.create(period=f.now, at=f.now, since=f.now, data={}, text=text)


def _attempts(f, **columns):
    return Attempt.objects.filter(task=f.in_state[Status.DOING]).update(**columns)


def _event(f, **columns):
    return Event.objects.create(kind="task.tested", at=f.now, **columns)


# A write around the domain for each constraint; where one has several sides, one for each.
REFUSED = {
    "agent_name_is_lower_case": [lambda f: Agent.objects.filter(pk=f.ada.pk).update(name="Ada")],
    "agent_kind_is_known": [lambda f: Agent.objects.filter(pk=f.ada.pk).update(kind="cat")],
    "agent_wip_limit_is_positive": [lambda f: Agent.objects.filter(pk=f.ada.pk).update(wip_limit=0)],
    "attempt_token_is_issued_once": [
        lambda f: Attempt.objects.create(
            task=f.in_state[Status.DOING],
            agent=f.ada,
            token=1,
            started_at=f.now,
            ended_at=f.now,
            outcome="released",
        )
    ],
    "attempt_is_the_only_open_one": [
        lambda f: Attempt.objects.create(
            task=f.in_state[Status.DOING], agent=f.ada, token=2, started_at=f.now
        )
    ],
    "attempt_ends_with_an_outcome": [
        lambda f: _attempts(f, ended_at=f.now),
        lambda f: _attempts(f, outcome="released"),
    ],
    "comment_says_something": [
        lambda f: Comment.objects.create(task=f.ready, author=f.ada, text="", created_at=f.now)
    ],
    "criterion_number_is_unique": [
        lambda f: Criterion.objects.create(task=f.ready, version=1, number=1, text="Again")
    ],
    "criterion_says_something": [lambda f: Criterion.objects.filter(task=f.ready).update(text="")],
    "digest_says_something": [lambda f: _digest(f, text="")],
    "digest.period": [lambda f: (_digest(f), _digest(f))],
    "dependency_is_unique": [lambda f: Dependency.objects.create(task=f.waiting, depends_on=f.ready)],
    "dependency_is_on_another_task": [
        lambda f: Dependency.objects.create(task=f.waiting, depends_on=f.waiting)
    ],
    "tasklabel_is_unique": [lambda f: TaskLabel.objects.create(task=f.ready, label="x")],
    "task_external_id_is_unique": [lambda f: f.task(f.waiting, external_id="a")],
    "task_status_is_known": [
        lambda f: f.task(f.ready, status="paused"),
        lambda f: f.task(f.ready, status=""),
    ],
    "task_priority_is_p0_to_p3": [
        lambda f: f.task(f.ready, priority=4),
        lambda f: f.task(f.ready, priority=-1),
    ],
    "task_assignee_is_not_the_reviewer": [
        lambda f: f.task(f.ready, assignee=f.rita),
        lambda f: f.state(Status.DOING, reviewer=f.worker),
    ],
    "task_lease_if_and_only_if_doing": [
        lambda f: f.task(f.ready, status=Status.DOING),
        lambda f: f.task(f.ready, status=Status.DOING, assignee=f.ada, attempts=1, lease_token=1),
        lambda f: f.task(f.ready, lease_expires_at=f.now),
        lambda f: f.task(f.ready, stale_at=f.now),
        *(
            lambda f, gone=gone: f.state(Status.DOING, **gone)
            for gone in (
                *({"assignee": None}, {"lease_token": 0}, {"attempts": 0}),
                *({"lease_expires_at": None}, {"stale_at": None}, {"last_word_at": None}),
            )
        ),
        *(
            lambda f, status=status: f.state(Status.DOING, status=status)
            for status in (Status.TODO, Status.BLOCKED, Status.VALIDATING, Status.CANCELLED)
        ),
    ],
    "task_flag_is_of_a_holder": [
        lambda f: f.task(f.ready, flagged_at=f.now),
        lambda f: f.state(Status.BLOCKED, flagged_at=f.now),
    ],
    "task_reservation_is_of_a_todo_task": [
        lambda f: f.task(f.ready, reserved_until=f.now),
        *(
            lambda f, status=status: f.state(status, reserved_until=f.now)
            for status in Status
            if status not in (Status.TODO, Status.CANCELLED)
        ),
        lambda f: f.state(Status.CANCELLED, assignee=f.ada, reserved_until=f.now),
    ],
    "task_done_says_how": [
        lambda f: f.state(Status.VALIDATING, status=Status.DONE),
        lambda f: f.state(Status.VALIDATING, status=Status.DONE, finished_at=f.now),
        lambda f: f.state(Status.VALIDATING, status=Status.DONE, done_via=DoneVia.APPROVAL),
        lambda f: f.state(Status.DONE, done_via=None),
        lambda f: f.state(Status.DONE, done_via="magic"),
        lambda f: f.state(Status.DONE, finished_at=None),
        lambda f: f.state(Status.TODO, done_via=DoneVia.OVERRIDE),
        lambda f: f.state(Status.DONE, status=Status.TODO),
    ],
    "task_in_work_has_criteria": [
        lambda f: f.state(Status.DOING, criteria_count=0),
        lambda f: f.state(Status.VALIDATING, criteria_count=0),
    ],
    "task_deferred_until_a_time": [lambda f: f.task(f.ready, deferred=True)],
    "task_is_not_its_own_parent": [lambda f: f.task(f.ready, parent=F("id"))],
    "event_seq_is_given_once": [lambda f: _event(f, seq=10**6) and _event(f, seq=10**6)],
    "event_seq_counts_from_1": [lambda f: _event(f, seq=0)],
    **SIGN_IN_WRITES,
    **REVIEW_WRITES,
    **HANDOFF_WRITES,
    **WEBHOOK_WRITES,
    # What a field says of itself.
    "agent.name": [lambda f: Agent.objects.create(name="ada", created_at=f.now)],
    "lane.key": [lambda f: Lane.objects.create(key=f.ready.lane.key, project=f.ready.project)],
    "project.name": [lambda f: Project.objects.create(name="main", created_at=f.now)],
}
EVERY_WRITE = [(name, write) for name, writes in REFUSED.items() for write in writes]


@pytest.mark.parametrize(("name", "around"), EVERY_WRITE, ids=[name for name, _ in EVERY_WRITE])
def test_a_write_around_the_rules_is_refused_by_the_constraint(facts, name, around):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        around(facts)
    assert _is_about(name, str(refusal.value))


def test_every_constraint_has_a_write_that_it_refuses():
    models = apps.get_app_config("tasks").get_models()
    constraints = {constraint.name for model in models for constraint in model._meta.constraints}
    fields = {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_app_config("tasks").get_models()
        for field in model._meta.fields
        if field.unique and not field.primary_key and not field.is_relation
    }
    assert REFUSED.keys() == constraints | fields


@pytest.mark.parametrize(
    "column", ["open_blockers", "criteria_count", "attempts", "rejections", "stale_after"]
)
def test_a_count_is_never_below_nothing(facts, column):
    with pytest.raises(IntegrityError), transaction.atomic():
        facts.task(facts.ready, **{column: -1})


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (Task, "ready"),
        (Agent, "ada"),
        (Agent, "rita"),
        (Project, "project"),
        (Lane, "lane"),
        (Task, "waiting"),
    ],
)
def test_what_the_history_speaks_of_is_not_deleted_even_by_sql(facts, model, row):
    facts.project, facts.lane = facts.ready.project, facts.ready.lane
    comments.write(facts.ready, by=facts.ada, text="x", kind="note", lease=None, now=facts.now)
    with pytest.raises(IntegrityError):
        _delete_by_sql(getattr(facts, row))


@pytest.mark.parametrize("column", ["lane_id", "project_id", "reviewer_id", "assignee_id", "parent_id"])
def test_a_task_cannot_speak_of_what_is_not_there(facts, column):
    with pytest.raises(IntegrityError):
        _point_nowhere(facts.ready, column)


def _point_nowhere(task, column):
    with transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**{column: 999999})
        connection.check_constraints()


def _delete_by_sql(row):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        connection.check_constraints()


def _is_about(name, message):
    """PostgreSQL names the constraint; SQLite names checks, and the columns of unique ones."""
    if connection.vendor == "postgresql" or "CHECK" in message:
        return (
            name in message or (name == "task_priority_is_p0_to_p3" and "priority" in message) or "." in name
        )
    if "." in name:
        return f"tasks_{name}" in message
    models = apps.get_app_config("tasks").get_models()
    (unique,) = (one for model in models for one in model._meta.constraints if one.name == name)
    assert isinstance(unique, UniqueConstraint)
    return all(field in message for field in unique.fields)
