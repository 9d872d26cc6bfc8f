"""One search box: an id, an external id, or words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasks.models import Task
from tasks.queries import finding


@pytest.fixture
def tasks(write: Callable[..., Task]) -> dict[str, Task]:
    """Four tasks, by what they are for."""
    return {
        "login": write("Fix login", external_id="GH-7"),
        "same": write("Fix logout", project="web", external_id="GH-7"),
        "answer": write("Answer 404 to strangers", external_id="500"),
        "words": write("T-4711 is what it is called", description="GH-8 login"),
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("fix", {"login", "same"}),
        (" LOGIN ", {"login", "words"}),
        ("GH-7", {"login", "same"}),
        ("GH-8", {"words"}),
        ("404", {"answer"}),
        ("500", {"answer"}),
        ("T-4711", set()),
        ("no such words", set()),
        ("\0", set()),
        ("-", set()),
        ("9" * 300, set()),
    ],
)
def test_finds_what_the_text_may_mean(tasks: dict[str, Task], text: str, names: set[str]):
    assert _found(text) == {tasks[name].pk for name in names}


@pytest.mark.parametrize("written", ["T-{}", "t-{}"])
def test_an_id_finds_its_task(tasks: dict[str, Task], written: str):
    task = tasks["words"]

    assert _found(written.format(task.pk)) == {task.pk}


def test_a_bare_number_is_an_id_as_well_as_a_word(write: Callable[..., Task]):
    first = write("First")
    named = write(f"Error {first.pk} of many")

    assert _found(str(first.pk)) == {first.pk, named.pk}


def test_it_narrows_what_it_is_given(tasks: dict[str, Task]):
    among = Task.objects.filter(project__name="web")

    assert set(finding.tasks(among, "fix").values_list("pk", flat=True)) == {tasks["same"].pk}
    assert not finding.tasks(among, tasks["login"].ref).exists()


def _found(text: str) -> set[int]:
    return set(finding.tasks(Task.objects.all(), text).values_list("pk", flat=True))
