"""What does not fit is cut or split or replaced, told, and not lost."""

from tests.tasks.domain.imports.conftest import record, task


def test_a_long_title_is_cut_and_kept_whole_in_the_description(take):
    title = "word " * 100
    summary = take(record(title=title, description="More."))
    one = task("bd-1")
    assert len(one.title) == 300
    assert one.title.endswith("…")
    assert one.description == f"{title.strip()}\n\nMore."
    assert list(summary.mapped) == ["a title over 300 characters is cut, the whole of it in the description"]


def test_a_title_is_one_line(take):
    take(record(title="  Fix\n\tlogin  "))
    assert task("bd-1").title == "Fix login"


def test_too_many_and_too_long_labels_and_criteria_are_cut_and_kept_whole_in_the_origin(take):
    labels = ["x" * 150, *(f"l{n}" for n in range(60))]
    text = "\n".join(f"- criterion {n}" for n in range(150)) + "\n- " + "y" * 3000
    summary = take(
        record("bd-1", labels=labels, acceptance_criteria=text),
        record("bd-2", acceptance_criteria="z" * 3000),
    )
    one, other = task("bd-1"), task("bd-2")
    assert sorted(one.labels.values_list("label", flat=True)) == sorted(
        ["x" * 100, *(f"l{n}" for n in range(49))]
    )
    assert (one.criteria_count, one.criteria.count(), other.criteria.get().text) == (100, 100, "z" * 2000)
    assert (one.origin["labels"], one.origin["acceptance_criteria"]) == (labels, text)
    assert sum(summary.mapped.values()) == 3


def test_a_long_comment_is_split_and_nothing_of_it_lost(take):
    notes = "0123456789" * 4100
    summary = take(record(notes=notes, created_by="worker-1"))
    parts = list(task("bd-1").comments.order_by("pk").values_list("text", flat=True))
    assert [len(part) for part in parts] == [20_000, 20_000, 1000]
    assert "".join(parts) == notes
    assert dict(summary.mapped) == {"a comment over 20000 characters is split": 1}


def test_characters_that_cannot_be_stored_are_replaced(take):
    line = record(
        title="a\0b",
        description="c\ud800d",
        labels=["\0"],
        notes="\0",
        assignee="x\0y",
        custom={"\0": ["\udfff"]},
    )
    summary = take(line)
    one = task("bd-1")
    assert (one.title, one.description) == ("a\ufffdb", "c\ufffdd")
    assert (one.labels.get().label, one.comments.get().text, one.assignee.name) == ("\ufffd", "\ufffd", "xy")
    assert one.origin["custom"] == {"\ufffd": ["\ufffd"]}
    assert summary.mapped["characters that cannot be stored become U+FFFD"] == 1
