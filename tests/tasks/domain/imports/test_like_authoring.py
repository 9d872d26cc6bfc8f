"""An imported task is where the same task would be, had it been written down by hand."""

from datetime import UTC, datetime

from tasks.domain import authoring
from tasks.models import Task
from tests.tasks.domain.imports.conftest import record, task

CREATED = datetime(2025, 11, 3, 5, 58, 7, 295058, tzinfo=UTC)


def test_an_imported_task_is_where_authoring_would_have_put_it(take, olga, now):
    """Lane, counters, criteria, labels and what the queue sees of them, compared with the same tasks written down."""
    take(
        record("a", acceptance_criteria="- one\n- two", labels=["x", "y"]),
        record("b", blocks=["a"], acceptance_criteria="three", labels=["x"]),
        record("c", blocks=["a", "b"], defer_until="2026-05-01T00:00:00Z", acceptance_criteria="four"),
        record("d"),
    )
    drafts = [
        authoring.Draft("Do a", done_criteria=["one", "two"], labels=["x", "y"], priority=1, external_id="A"),
        authoring.Draft("Do b", done_criteria=["three"], labels=["x"], priority=1, external_id="B", depends_on=["A"]),
        authoring.Draft(
            "Do c", done_criteria=["four"], priority=1, external_id="C", depends_on=["A", "B"],
            not_before=datetime(2026, 5, 1, tzinfo=UTC),
        ),
        authoring.Draft("Do d", priority=1, external_id="D"),
    ]  # fmt: skip
    authoring.write(drafts, by=olga, now=CREATED)
    for name in "abcd":
        assert _shape(task(name)) == _shape(task(name.upper()))


_THEIR_OWN = {"id", "external_id", "created_by_id", "origin", "updated_at"}


def _shape(one: Task) -> dict[str, object]:
    """Everything about a task but what tells an imported one from another."""
    row = {
        name: value
        for name, value in Task.objects.filter(pk=one.pk).values()[0].items()
        if name not in _THEIR_OWN
    }
    labels = one.labels.order_by("pk").values_list("label", "in_pool", "lane", "priority", "created_at")
    criteria = one.criteria.order_by("number").values_list("version", "number", "text")
    blockers = [edge.depends_on.title for edge in one.dependencies.order_by("depends_on__title")]
    return row | {"labels": list(labels), "criteria": list(criteria), "blockers": blockers}
