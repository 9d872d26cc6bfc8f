"""What the database refuses about reviews, whoever writes: done cannot be written, only judged."""

import pytest
from django.db import IntegrityError, connection, transaction

from tasks.domain import authoring, claims, submissions
from tasks.models import Override, Review, Status, Submission, Task
from tests.tasks import states


@pytest.fixture
def ids(ada, bob, olga, write, now):
    """A task that waits for a verdict and one that is done, both by ada, and the rows that belong to them."""
    waiting, done = write("waiting"), write("done")
    states.reach(waiting, Status.VALIDATING, worker=ada, now=now)
    states.reach(done, Status.DONE, worker=ada, now=now)
    Override.objects.create(task=write("other"), human=olga, reason="r", created_at=now)
    return {
        "waiting": waiting.pk,
        "done": done.pk,
        "handed_in": Submission.objects.get(task=waiting).pk,
        "review": Review.objects.get().pk,
        "criterion": waiting.criteria.get().pk,
        "ada": ada.pk,
        "bob": bob.pk,
        "now": f"'{now:%Y-%m-%d %H:%M:%S}'",
    }


DONE = "UPDATE tasks_task SET status = 'done', review_until = NULL, finished_at = {now}, done_via = "
REVIEW = "INSERT INTO tasks_review (submission_id, reviewer_id, judgement, comment, created_at) VALUES "


@pytest.mark.parametrize(
    ("words", "sql"),
    [
        ("done needs", DONE + "'approval' WHERE id = {waiting}"),
        ("done needs", DONE + "'override' WHERE id = {waiting}"),
        ("done needs", DONE + "'import' WHERE id = {waiting}"),
        ("done needs", "UPDATE tasks_task SET done_via = 'override' WHERE id = {done}"),
        ("its own work", REVIEW + "({handed_in}, {ada}, 'approve', '', {now})"),
        ("only a human",
            "INSERT INTO tasks_override (task_id, human_id, reason, created_at) VALUES ({done}, {bob}, 'r', {now})"),
        ("a criterion of its submission", "INSERT INTO tasks_verdict (review_id, criterion_id, met, note)"
            " VALUES ({review}, {criterion}, TRUE, 'n')"),
        ("submission is", "UPDATE tasks_submission SET summary = 'better'"),
        ("submission is", "DELETE FROM tasks_submission"),
        ("evidence is", "UPDATE tasks_evidence SET text = 'better'"),
        ("evidence is", "DELETE FROM tasks_evidence"),
        ("review is", "UPDATE tasks_review SET judgement = 'approve'"),
        ("review is", "DELETE FROM tasks_review"),
        ("verdict is", "UPDATE tasks_verdict SET met = TRUE"),
        ("verdict is", "DELETE FROM tasks_verdict"),
        ("override is", "UPDATE tasks_override SET reason = 'better'"),
        ("override is", "DELETE FROM tasks_override"),
    ],
)  # fmt: skip
def test_a_guard_refuses_what_goes_around_the_gate(ids, words, sql):
    statement = sql.format(**ids)
    with pytest.raises(IntegrityError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_approval_that_skipped_a_criterion_does_not_make_a_task_done(ada, olga, now):
    draft = authoring.Draft(title="t", done_criteria=["a", "b"])
    task = authoring.write([draft], by=olga, now=now).tasks[0]
    claims.claim(task, by=ada, now=now)
    task.refresh_from_db()
    submissions.submit(task, submissions.HandIn("s", [(1, "a"), (2, "b")]), by=ada, lease=1, now=now)
    states.justify(task, "approve", now=now)
    with pytest.raises(IntegrityError, match="done needs"), transaction.atomic():
        _mark_done(task, now, criteria_count=3)
    _mark_done(task, now)
    task.refresh_from_db()
    assert task.status == "done"


def _mark_done(task, now, **columns):
    Task.objects.filter(pk=task.pk).update(
        status="done", done_via="approval", finished_at=now, review_until=None, **columns
    )
