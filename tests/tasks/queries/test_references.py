"""References: the ids people and agents write."""

import pytest

from tasks.domain import closing
from tasks.models import Project
from tasks.queries import references


@pytest.mark.once
@pytest.mark.parametrize("ref", ["T-12", "t-12", "12"])
def test_a_task_is_named_with_or_without_its_letter(ref):
    assert references.task_id(ref) == 12


@pytest.mark.once
@pytest.mark.parametrize(
    "ref",
    [
        *(
            "",
            "T",
            "T-",
            "T-0",
            "0",
            "012",
            "T-012",
            "-12",
            "+12",
            "T--1",
            "T 12",
            " 12",
            "12 ",
            "12\n",
            "1e3",
            "1_0",
        ),
        *("T-12x", "../12", "%31", "T-١٢", "１２", "²", "9" * 19, "T-" + "1" * 40, "TT-1", "Т-12"),
    ],
)
def test_nothing_else_is_one(ref):
    assert references.task_id(ref) is None


def test_those_that_name_a_task_there_is_are_told_apart(write):
    task = write()
    assert references.existing([task.ref, f"t-{task.pk}", "T-999999", "bd-1", ""]) == {
        task.ref: task.pk,
        f"t-{task.pk}": task.pk,
    }


def test_an_external_id_is_looked_up_in_its_project(write):
    task = write(external_id="a")
    write(external_id="a", project="other")
    main = Project.objects.get(name="main")
    assert references.by_external_id(main.pk, {"a", "b"}) == {"a": task.pk}
    assert references.by_external_id(main.pk, []) == {}


def test_done_and_cancelled_tasks_are_finished(olga, write, now):
    task, other = write(), write()
    closing.cancel(other, by=olga, reason="x", now=now)
    assert references.unfinished({task.pk, other.pk, 999999}) == {task.pk}
    assert references.unfinished(set()) == set()


def test_more_than_a_statement_takes_is_asked_in_parts(write, monkeypatch):
    monkeypatch.setattr(references, "_AT_ONCE", 2)
    tasks = [write(external_id=name) for name in "abcde"]
    ids = [task.pk for task in tasks]
    assert references.existing([task.ref for task in tasks]) == {f"T-{pk}": pk for pk in ids}
    assert references.by_external_id(tasks[0].project_id, list("abcdef")) == dict(
        zip("abcde", ids, strict=True)
    )
    assert references.unfinished(set(ids)) == set(ids)


def test_what_somebody_may_have_meant_is_found_by_external_id_words_or_age(write):
    assert references.nearest("T-1") == []
    login, newest = write("Fix the login", external_id="bd-7"), write("Newest " * 20)
    assert references.nearest("bd-7") == [f"{login.ref} (Fix the login)"]
    assert references.nearest("login") == [f"{login.ref} (Fix the login)"]
    assert references.nearest("../x") == [f"{newest.ref} ({('Newest ' * 20)[:40]})"]
    assert references.nearest("é" * 5000) == [f"{newest.ref} ({('Newest ' * 20)[:40]})"]
