"""Records that become no task: skipped for what they are, or named by their line for what is wrong with them."""

import pytest

from tasks.models import Task
from tests.tasks.domain.imports.conftest import record, task

UPDATED = "2025-12-01T10:00:00Z"


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "tombstone"},
        {"status": "Tombstone", "labels": "broken as well"},
        {"status": "closed", "deleted_at": UPDATED},
    ],
)
def test_a_record_of_something_deleted_is_skipped(take, fields):
    summary = take(record("bd-1", **fields), record("bd-2"))
    assert dict(summary.skipped) == {"deleted": 1}
    assert summary.broken == []
    assert [one.external_id for one in Task.objects.all()] == ["bd-2"]


@pytest.mark.parametrize(
    "kind",
    [
        *("event", "message", "agent", "role", "rig", "gate", "molecule", "merge-request", "merge_request"),
        *("convoy", "slot", "wisp", "session", "session-cost", "Event"),
    ],
)
def test_a_record_that_is_not_work_is_skipped(take, kind):
    summary = take(record(issue_type=kind))
    assert (dict(summary.skipped), summary.taken) == ({f"not work: {kind}": 1}, 0)
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"title": 5}, "title is a number, not text"),
        ({"title": ...}, "title is missing"),
        ({"title": " \n "}, "title is missing"),
        ({"id": 7}, "id is a number, not text"),
        ({"id": ""}, "id is missing"),
        ({"id": ...}, "id is missing"),
        ({"id": "x" * 201}, "id has 201 characters; 200 are kept"),
        ({"labels": "bug"}, "labels is text, not a list"),
        ({"labels": ["a", None]}, "labels[1] is null, not text"),
        ({"labels": {"a": 1}}, "labels is an object, not a list"),
        ({"priority": "high"}, "priority is text, not a whole number"),
        ({"priority": True}, "priority is a truth value, not a whole number"),
        ({"priority": 1.5}, "priority is a number, not a whole number"),
        ({"status": ["open"]}, "status is a list, not text"),
        ({"issue_type": {}}, "issue_type is an object, not text"),
        ({"created_at": 1762149487}, "created_at is a number, not text"),
        ({"description": ["x"]}, "description is a list, not text"),
        ({"description": "x" * 100_001}, "description has 100001 characters; 100000 are kept"),
        ({"comments": {}}, "comments is an object, not a list"),
        ({"comments": ["hello"]}, "comments[0] is text, not an object"),
        ({"comments": [{"text": 1}]}, "comments[0].text is a number, not text"),
        ({"dependencies": ["bd-2"]}, "dependencies[0] is text, not an object"),
        ({"dependencies": [{"type": "blocks"}]}, "a dependency has no depends_on_id"),
        ({"dependencies": [{"depends_on_id": []}]}, "dependencies[0].depends_on_id is a list, not text"),
        ({"assignee": ["ada"]}, "assignee is a list, not text"),
        ({"acceptance_criteria": ["works"]}, "acceptance_criteria is a list, not text"),
        ({"notes": 1}, "notes is a number, not text"),
    ],
)
def test_a_record_of_wrong_types_is_named_by_its_line_and_the_rest_goes_on(take, fields, why):
    summary = take(record("bd-0"), "", record(**fields), record("bd-2"))
    assert summary.broken == [(3, why)]
    assert set(Task.objects.values_list("external_id", flat=True)) == {"bd-0", "bd-2"}


def test_the_second_record_of_an_id_is_named_by_its_line(take):
    summary = take(record("bd-1", title="first"), record("bd-1", title="second"), record(" bd-1 "))
    assert summary.broken == [(2, "'bd-1' is on line 1 already"), (3, "'bd-1' is on line 1 already")]
    assert task("bd-1").title == "first"
