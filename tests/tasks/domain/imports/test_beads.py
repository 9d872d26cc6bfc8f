"""A whole file of beads records: taken once, as a whole or not at all, and told about."""

import io
from pathlib import Path

import pytest

from tasks.domain import claims
from tasks.domain.imports import beads
from tasks.domain.imports.cycles import Cut
from tasks.domain.refusals import Invalid
from tasks.models import Dependency, Event, Project, Status, Task
from tests.tasks import board_rows, invariants, states
from tests.tasks.domain.imports.conftest import record, task

MESSY = Path(__file__).with_name("messy.jsonl")


def test_a_messy_file_is_taken_as_far_as_it_goes_and_says_what_became_of_it(db, now):
    with MESSY.open("rb") as stream:
        summary = beads.take(stream, now=now)
    assert summary.as_dict() == {
        "project": "main",
        "dry_run": False,
        "lines": 16,
        "taken": 9,
        "finished": 1,
        "ready": 1,
        "without_criteria": 7,
        "already_here": 0,
        "comments": 3,
        "agents": 4,
        "mapped": {
            "agent 'Ada Lovelace' becomes ada-lovelace": 1,
            "status 'hooked' becomes todo": 1,
            "priority 4 becomes P3": 1,
            "agent 'crew/max' becomes crew-max": 1,
            "status 'deferred' becomes todo": 1,
            "created_at is unusable: the time of the import": 1,
            "a title over 300 characters is cut, the whole of it in the description": 1,
            "characters that cannot be stored become U+FFFD": 1,
        },
        "skipped": {"not work: event": 1, "deleted": 1},
        "broken": [
            {"line": 5, "why": "not JSON: unterminated string starting, at character 25"},
            {"line": 8, "why": "labels is text, not a list"},
            {"line": 9, "why": "not UTF-8 at byte 29"},
            {"line": 10, "why": "a list, not an object"},
            {"line": 16, "why": "'mx-2' is on line 2 already"},
        ],
        "dependencies": {
            "kept": 4,
            "dropped": {
                "its own record is skipped": 1,
                "stands there twice": 1,
                "to itself": 1,
                "to a record that is not there": 1,
                "to a record that is skipped": 1,
                "closes a cycle": 1,
            },
        },
        "parents": {"kept": 1, "dropped": {"has another parent": 1, "closes a cycle": 1}},
        "links_in_origin": {"related": 1},
        "cycles": [
            {"kind": "dependency", "task": "mx-13", "cut": "mx-14", "ring": ["mx-14", "mx-12", "mx-13"]},
            {"kind": "parent", "task": "mx-11", "cut": "mx-10", "ring": ["mx-10", "mx-11"]},
        ],
    }
    assert invariants.broken() == []


def test_a_second_import_changes_nothing_and_says_so(take):
    lines = MESSY.read_bytes().split(b"\n")
    first = take(*lines)
    before = board_rows.read()
    again = take(*lines, default_criteria=["It works"])
    assert board_rows.changed(before, board_rows.read()) == {}
    assert (again.taken, again.already_here, again.comments, again.agents) == (0, first.taken, 0, 0)
    assert (again.edges.waits_for, again.edges.parents, dict(again.mapped)) == ([], {}, {})


def test_a_dry_run_says_the_same_and_writes_nothing(take):
    lines = MESSY.read_bytes().split(b"\n")
    before = board_rows.read()
    tried = take(*lines, project="shop", dry_run=True).as_dict()
    assert board_rows.changed(before, board_rows.read()) == {}
    assert tried | {"dry_run": False} == take(*lines, project="shop").as_dict()


def test_what_fails_half_way_leaves_nothing_behind(take, monkeypatch):
    before = board_rows.read()

    def stop(written: int) -> None:
        if written == 600:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(
            *(record(f"bd-{n}", created_by="worker-1") for n in range(600)),
            project="shop",
            progress=lambda stage, done, of: stop(done) if stage == "writing" else None,
        )
    assert board_rows.changed(before, board_rows.read()) == {}


def test_records_of_a_larger_file_join_those_that_are_here(take):
    take(record("a", status="closed"), record("b"))
    summary = take(
        record("a"),
        record("b", blocks=["c"]),
        record("c", blocks=["a", "b"], dependencies=...),
        record("d", blocks=["a", "b", "c"], acceptance_criteria="It works"),
        record("e", dependencies=[{"depends_on_id": "b", "type": "parent-child"}]),
    )
    assert (summary.taken, summary.already_here) == (3, 2)
    assert set(Dependency.objects.values_list("task__external_id", "depends_on__external_id")) == {
        ("d", "a"),
        ("d", "b"),
        ("d", "c"),
    }
    assert (task("d").open_blockers, task("e").parent) == (2, task("b"))
    assert dict(summary.edges.dropped) == {"its own task was here already": 1}
    assert task("a").status == "done"
    assert invariants.broken() == []


def test_a_task_that_was_finished_here_holds_nobody_up_whatever_the_file_says(take, ada, now):
    take(record("a", acceptance_criteria="It works"))
    states.reach(task("a"), Status.DONE, worker=ada, now=now)
    summary = take(record("a"), record("b", blocks=["a"], acceptance_criteria="It works"))
    assert (task("b").open_blockers, task("b").claimable, summary.ready) == (0, True, 1)


def test_the_same_ids_in_another_project_are_other_tasks(take):
    take(record("a"), record("b", blocks=["a"]))
    summary = take(record("a"), record("c", blocks=["a", "b"]), project="Shop ")
    assert (summary.project, summary.taken) == ("shop", 2)
    assert set(Task.objects.values_list("project__name", "external_id")) == {
        *(("main", "a"), ("main", "b")),
        *(("shop", "a"), ("shop", "c")),
    }
    assert dict(summary.edges.dropped) == {"to a record that is not there": 1}
    assert Task.objects.get(external_id="c").dependencies.get().depends_on.project.name == "shop"


def test_default_criteria_are_for_unfinished_tasks_that_have_none(take):
    take(
        record("a"),
        record("b", status="closed"),
        record("c", acceptance_criteria="- mine"),
        default_criteria=["It works", " A test shows it "],
    )
    found = {
        name: list(task(name).criteria.order_by("number").values_list("text", flat=True)) for name in "abc"
    }
    assert found == {"a": ["It works", "A test shows it"], "b": [], "c": ["mine"]}
    assert (task("a").criteria_version, task("b").criteria_version, task("a").claimable) == (1, 0, True)


def test_tasks_are_numbered_from_the_oldest_on_and_given_out_by_priority(take, ada, now):
    take(
        record("young", created_at="2025-12-03T00:00:00Z", acceptance_criteria="x"),
        record("old", created_at="2025-12-01T00:00:00Z", acceptance_criteria="x"),
        record("urgent", created_at="2025-12-02T00:00:00Z", acceptance_criteria="x", priority=0),
    )
    assert list(Task.objects.order_by("pk").values_list("external_id", flat=True)) == [
        "old",
        "urgent",
        "young",
    ]
    assert claims.next_task("ada", now=now).task_ids == [task("urgent").pk]


def test_blocked_and_reserved_tasks_are_given_out_when_their_time_comes(take, ada, bob, now, settings):
    take(
        record("first", acceptance_criteria="x", assignee="bob"),
        record("second", acceptance_criteria="x", blocks=["first"]),
    )
    assert isinstance(claims.next_task("ada", now=now), claims.Nothing)
    assert claims.next_task("ada", now=now + settings.RESERVE_FOR).task_ids == [task("first").pk]


def test_a_cycle_is_broken_at_its_newest_edge_by_date_and_then_by_line(take):
    def edge(to: str, date: str | None) -> dict[str, object]:
        return {"dependencies": [{"depends_on_id": to, "type": "blocks", "created_at": date}]}

    summary = take(
        record("a", **edge("b", "2025-11-03T00:00:00Z")),
        record("b", **edge("a", "2025-11-02T00:00:00Z")),
        record("c", **edge("d", "2025-11-02T00:00:00Z")),
        record("d", **edge("c", "2025-11-02T00:00:00Z")),
        record("e", **edge("f", None)),
        record("f", **edge("e", "2025-11-09T00:00:00Z")),
    )
    assert summary.edges.cuts == [
        Cut(("d", "c"), ["c", "d"]),
        Cut(("a", "b"), ["b", "a"]),
        Cut(("e", "f"), ["f", "e"]),
    ]
    kept = Dependency.objects.values_list("task__external_id", "depends_on__external_id")
    assert set(kept) == {("b", "a"), ("c", "d"), ("f", "e")}


def test_a_chain_written_in_any_order_is_accepted_by_the_database(take):
    chain = [record(f"t{n}", blocks=[f"t{n + 1}"] if n < 400 else ()) for n in range(401)]
    summary = take(*chain[::2], *chain[1::2][::-1])
    assert (summary.taken, len(summary.edges.waits_for), Dependency.objects.count()) == (401, 400, 400)
    assert invariants.broken() == []


def test_the_first_parent_that_can_be_is_the_parent(take):
    def child(name: str, *parents: str) -> dict[str, object]:
        links = [{"depends_on_id": parent, "type": "parent-child"} for parent in parents]
        return record(name, dependencies=links)

    summary = take(
        child("a", "gone", "z", "b", "c"), child("b", "b"), child("c", "a"), record("z", issue_type="event")
    )
    assert {one.external_id: one.parent and one.parent.external_id for one in Task.objects.all()} == {
        "a": "b",
        "b": None,
        "c": "a",
    }
    assert dict(summary.edges.parents_dropped) == {
        "to a record that is not there": 1,
        "to a record that is skipped": 1,
        "has another parent": 1,
        "to itself": 1,
    }


@pytest.mark.parametrize("content", [b"", b"\n\n", b"hello\n[1]\n5", b"\xff\xfe{}", b"[{}]"])
def test_a_file_without_a_single_object_is_refused(db, now, content):
    before = board_rows.read()
    with pytest.raises(Invalid, match="No line of it is a JSON object"):
        beads.take(io.BytesIO(content), now=now, project="shop")
    assert board_rows.changed(before, board_rows.read()) == {}


@pytest.mark.parametrize(
    "options",
    [
        {"project": "no such name!"},
        {"default_criteria": [" "]},
        {"default_criteria": ["x" * 2001]},
        {"default_criteria": ["a\0b"]},
        {"default_criteria": ["x"] * 101},
    ],
)
def test_options_that_cannot_be_are_refused(take, options):
    with pytest.raises(Invalid):
        take(record(), **options)
    assert (Task.objects.count(), Event.objects.count(), Project.objects.count()) == (0, 0, 1)


def test_a_file_of_nothing_that_is_work_makes_no_project(take):
    summary = take(record(issue_type="event"), project="shop")
    assert (summary.taken, summary.already_here) == (0, 0)
    assert not Project.objects.filter(name="shop").exists()


def test_progress_is_told_as_bytes_read_and_then_as_tasks_written(take):
    told = []
    take(*(record(f"bd-{n}") for n in range(1200)), progress=lambda *step: told.append(step))
    reading = [step for step in told if step[0] == "reading"]
    assert [step for step in told if step[0] == "writing"] == [
        ("writing", 500, 1200),
        ("writing", 1000, 1200),
        ("writing", 1200, 1200),
    ]
    assert [done for _, done, _ in reading] == sorted(done for _, done, _ in reading)
    assert reading[-1][1] == reading[-1][2] > 0
